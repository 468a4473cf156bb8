"""Puts an index together from its legs, saves it as files, and opens it again mapped into memory."""

import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from functools import partial
from logging import getLogger
from pathlib import Path

from services.embedding import Embedder, KnownVectors, VectorBackend, Vectors
from services.gateways.character_search import CharacterSearch
from services.gateways.hashed_ngrams import HashedNgrams
from services.gateways.lexical_search import LexicalSearch
from services.gateways.vector_search import FaissBackend
from services.knowledge.grams import GramCounts, fold
from services.knowledge.passages import Chunk, readable, searchable
from services.retrieval import Index
from services.retrieval.legs import Legs, Weights
from services.retrieval.trial import tried

_FORMAT = 1  # of the files and of what is in them: another number builds every index anew
_CHUNKS, _PARTS, _STEMS = "chunks.jsonl", "index.json", "stems"

_log = getLogger(__name__)


class IndexMaker:
    """Builds, saves and opens indexes; `model` is the sentence model that is configured, if any."""

    def __init__(
        self, model: Embedder | None = None, model_name: str = "", backend: VectorBackend | None = None
    ) -> None:
        self._model = model
        self._backend = backend or FaissBackend()
        self.recipe = f"{_FORMAT}:{self._backend.name}:{model_name}"

    def build(self, chunks: Sequence[Chunk], language: str, earlier: Path | None = None) -> Index:
        """Return the index of a language, with those legs that a trial on its own questions leaves.

        Without a sentence model, or with one that the trial leaves out, hashed character n-grams stand in its place.
        `earlier` is the folder of an earlier index: the model's vectors of texts that are there still are taken over.
        """
        model = self._model
        if model is not None and earlier is not None:
            model = KnownVectors(model, self._known(earlier, model.dimensions))
        weights = tried(chunks, partial(make_legs, language=language, model=model))
        _log.info("legs tried", extra={"language": language, **{f"weight_{k}": v for k, v in asdict(weights).items()}})
        legs = make_legs(chunks, language, model if weights.dense else None, self._backend)
        return Index(chunks, replace(legs, weights=weights))

    def save(self, index: Index, folder: Path) -> None:
        """Write an index into an empty folder."""
        legs = index.legs
        with (folder / _CHUNKS).open("w", encoding="utf-8") as file:
            file.writelines(json.dumps(asdict(chunk), ensure_ascii=False) + "\n" for chunk in index.chunks)
        parts = {"format": _FORMAT, "weights": asdict(legs.weights)}
        (folder / _PARTS).write_text(json.dumps(parts), encoding="utf-8")
        legs.stems.save(folder / _STEMS)
        legs.characters.save(folder)
        legs.dense.save(folder)

    def open(self, folder: Path, language: str) -> Index:
        """Return a saved index; raises OSError, KeyError or ValueError for what is none."""
        chunks = _chunks(folder)
        weights = Weights(**json.loads((folder / _PARTS).read_text(encoding="utf-8"))["weights"])
        embedder = self._model if self._model is not None and weights.dense else HashedNgrams(GramCounts.load(folder))
        legs = Legs(
            LexicalSearch.load(folder / _STEMS, language, len(chunks)),
            self._backend.load(folder, embedder),
            CharacterSearch.load(folder),
            weights,
        )
        return Index(chunks, legs)

    def _known(self, folder: Path, dimensions: int) -> dict[str, Vectors]:
        """Return the vectors of an earlier index by the texts that they stand for; none but a model's are kept."""
        try:
            weights = json.loads((folder / _PARTS).read_text(encoding="utf-8"))["weights"]
            if not weights["dense"]:
                return {}
            rows = self._backend.vectors_in(folder, dimensions)
            return {readable(chunk): row for chunk, row in zip(_chunks(folder), rows, strict=True)}
        except (OSError, KeyError, ValueError, RuntimeError):
            _log.warning("an earlier index is of no use")  # all vectors are made anew
            return {}


def build_index(chunks: Sequence[Chunk], language: str, model: Embedder | None = None) -> Index:
    """Return the index of a language, in FAISS, kept nowhere."""
    return IndexMaker(model).build(chunks, language)


def make_legs(
    chunks: Sequence[Chunk], language: str, model: Embedder | None = None, backend: VectorBackend | None = None
) -> Legs:
    """Return the legs over some chunks, all of them counting; in FAISS where no other place is named."""
    keeping = backend or FaissBackend()
    texts = [searchable(chunk) for chunk in chunks]
    folded = [fold(text) for text in texts]
    counts = GramCounts(folded)
    stems, characters = LexicalSearch(texts, language), CharacterSearch(folded, counts)
    if model is None:
        # Hashed n-grams are a poorer image of the characters, which are there themselves: they only propose.
        return Legs(stems, keeping.build(texts, HashedNgrams(counts), language), characters, Weights(dense=0.0))
    return Legs(stems, keeping.build([readable(chunk) for chunk in chunks], model, language), characters)


def _chunks(folder: Path) -> tuple[Chunk, ...]:
    with (folder / _CHUNKS).open(encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    return tuple(Chunk(**row | {"alternatives": tuple(row["alternatives"])}) for row in rows)
