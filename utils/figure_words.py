"""Words, in four languages, that belong to figures: units, thousands and millions, months; each part of a pattern."""

from utils.secret_words import either

UNITS = {
    "percent": either(r"%|процент\w*|percent|per cent|пайыз\w*|foiz\w*"),
    "rub": either(r"₽|руб\w*|р(?:\.|(?![\w.]))|rub|roubles?|rubles?|рубл\w*|so[ʻ‘’'`]?m rubl\w*"),
    "usd": either(r"\$|доллар\w*|usd|dollars?"),
    "eur": either(r"€|евро|eur|euros?"),
    "kzt": either(r"₸|тенге|теңге\w*|kzt|тг"),
    "uzs": either(r"сум(?:а|ов|ы)?|so[ʻ‘’'`]?m\w*|uzs"),
    "second": either(r"секунд\w*|сек|seconds?|sec|soniya\w*"),
    "minute": either(r"минут\w*|мин|minutes?|min|daqiqa\w*"),
    "hour": either(r"час(?:а|ов|у)?|ч(?:\.|(?![\w.]))|hours?|сағат\w*|soat\w*"),
    "day": either(r"д(?:ень|ня|ней|ням|нями|нях|ню)|сут(?:ки|ок|кам)|дн\.?|days?|күн\w*|kun\w*"),
    "week": either(r"недел\w*|weeks?|апта\w*|hafta\w*"),
    "month": either(r"месяц\w*|мес\.?|months?|ай(?:да|дан|ға)?|oy(?:da|dan|ga|lik)?"),
    "year": either(r"год(?:а|у|ом|ов|ы|овых)?|лет|г(?:\.|(?![\w.]))|years?|жыл\w*|yil\w*"),
}

# Between a number and its unit.
ADJECTIVE = either(
    r"рабоч\w+|календарн\w+|банковск\w+|полн\w+|российск\w+|working|business|calendar|full|жұмыс|ish|банктік|bank"
)

# By the power of ten.
SCALES = {
    3: either(r"тыс(?:яч\w*|\.)?|thousand|мың|ming|[kк]"),
    6: either(r"млн\.?|миллион\w*|mln|millions?"),
    9: either(r"млрд\.?|миллиард\w*|bln|billions?"),
}

# Names of the months, twelve to a language.
_MONTHS = r"""
    январ\w* феврал\w* март\w* апрел\w* ма[йяе]м? июн\w* июл\w* август\w* сентябр\w* октябр\w* ноябр\w* декабр\w*
    jan(?:uary)? feb(?:ruary)? mar(?:ch)? apr(?:il)? may june? july? aug(?:ust)? sept?(?:ember)?
    oct(?:ober)? nov(?:ember)? dec(?:ember)?
    қаңтар\w* ақпан\w* наурыз\w* сәуір\w* мамыр\w* маусым\w* шілде\w* тамыз\w*
    қыркүйек\w* қазан\w* қараша\w* желтоқсан\w*
    yanvar\w* fevral\w* mart\w* aprel\w* may\w* iyun\w* iyul\w* avgust\w* sentabr\w* oktabr\w* noyabr\w* dekabr\w*
"""
MONTHS = tuple(_MONTHS.split())
