"""Words, in four languages, that deny what a sentence says, and words that claim nothing by themselves; patterns."""

import re

from utils.figure_words import UNITS
from utils.secret_words import either

_NO = (
    r"не|нет|нету|нельзя|ни|без|никогда|никто|ничего|никак\w*|нигде|невозможно"
    r"|no|not|never|none|nothing|nobody|without|cannot|nor|neither|\w+n['’]t"
    r"|емес|жоқ|болмайды|ешқашан|ешкім"
    r"|emas|yo[ʻ‘’'`]?q|bo[ʻ‘’'`]?lmaydi|hech"
)
# Agreement, politeness, and what holds an answer together.
_GLUE = either(
    r"""
    да|конечно|разумеется|здравствуйте|добрый|спасибо|пожалуйста|уважаем\w+|обращ\w+|помочь|поможем|рад\w*|вопрос\w*
    это|эт[аоиу]\w*|есть|будет|быть|можно|можете|могут|может|нужно|если|чтобы|также|тоже|затем|потом|сначала
    после|при|для|или|как|что
    так|такой|такая|такие|вам|вас|ваш\w*|наш\w*|нас|она|они|оно|его|её|ее|им|ими|себ[ея]|собой|сам[аои]?
    через|чем|где|когда|кроме|все|всё|весь
    котор\w+|тогда|поэтому|только|уже|ещё|еще|именно|например|клиент\w*|банк\w*|составля\w+|взима\w+
    доступ\w+|остал\w+|один|одну|одного
    yes|sure|certainly|of course|hello|hi|dear|thank\w*|please|welcome|glad|happy|help|questions?|customers?
    bank|the|and|you|your|our|can|will
    with|for|are|has|have|had|was|were|this|that|these|those|there|then|first|also|from|into|out|its|it|they
    them|their|who|which|what|when|how
    per|any|all|but|may|must|should|would|about|such|than|if|to|as|at|by|of|on|or|we|us
    ия|иә|әрине|сәлеметсіз|рахмет|үшін|және|бұл|мен|пен|сіз\w*|біз\w*|бар|керек|болады|арқылы
    ha|albatta|salom|assalomu|rahmat|uchun|bilan|bu|va|siz\w*|biz\w*|bor|kerak|mumkin|orqali
    """
)

NEGATION = re.compile(rf"(?<!\w)(?:{_NO})(?!\w)", re.IGNORECASE)
# A unit is compared with its figure; by itself it claims little.
EMPTY = re.compile(rf"(?<!\w)(?:{_GLUE}|{'|'.join(UNITS.values())})(?!\w)", re.IGNORECASE)

# Promises that a source must make too, in whichever words: a price of nothing, no exceptions, no limits, how often.
PROMISES = {
    "free": either(
        r"""
    бесплатн\w*|даром|(?:платы|комисси[ия]) (?:нет|не бер[её]т\w*)|(?:без|нет) (?:платы|комисси[ия])
    не взима\w+|ничего не (?:бер[её]т|стоит)\w*
    (?<!-)free|no (?:fees?|charge|cost)|at no cost|without (?:a )?(?:fee|charge)|тегін|bepul
    """
    ),
    "any": either(
        r"""
    люб(?:ой|ая|ое|ые|ую|ого|ому|ым|ых|ом)|когда угодно|всегда|any|always|whenever|anytime|кез келген
    har qanday|istalgan
    """
    ),
    "unlimited": either(
        r"""
    без (?:ограничени\w+|лимит\w*|предел\w*)|неограниченн\w+|unlimited|(?:no|without)(?: any)? limits?
    шексіз|cheklovsiz
    """
    ),
    "certain": either(r"гаранти\w+|guarante\w+|обязательно одобр\w+|кепілд\w+|kafolat\w*"),
    "instant": either(r"мгновенн\w+|моментальн\w+|instant\w*|лезде|bir zumda"),
    "daily": either(r"ежедневн\w+|кажд\w+ д(?:ень|ня)|daily|(?:every|each) day|күн сайын|har kuni"),
    "weekly": either(r"еженедельн\w+|кажд\w+ недел\w+|weekly|(?:every|each) week|апта сайын|har hafta"),
}
PROMISE = re.compile(
    rf"(?<!\w)(?:{'|'.join(f'(?P<{promise}>{words})' for promise, words in PROMISES.items())})(?!\w)", re.IGNORECASE
)
