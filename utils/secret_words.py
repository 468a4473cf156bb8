"""Words, in four languages, that tell a secret code from other numbers; each list is part of a pattern."""


def either(text: str) -> str:
    """Join lines of alternatives (each a pattern) into one group."""
    return "(?:" + "|".join(line.strip() for line in text.strip().splitlines()) + ")"


def one_word_of(text: str) -> str:
    """Join plain words into a group that matches any of them as a whole word."""
    return "(?:" + "|".join(sorted(text.split(), key=len, reverse=True)) + r")(?!\w)"


# After a number: an amount, a term or a date is not a code.
UNIT = either(
    r"""
    руб|р\b|р\.|₽|\$|€|£|₸|тг|тенге|теңге|сум(?!м)|сўм|so[ʻ‘’'`]?m|usd|eur|rub|kzt|uzs
    доллар|евро|dollars?|bucks|тыс|млн|[кk]\b|%|процент|бонус|балл|points?|шт|км|цифр|digits?|знак|символ
    дн|день|раз(?:а|ов)?\b|год|г\b|лет\b|мин|сек|час|месяц|years?|days?|times|minutes?|seconds?|months?
    жыл|yil|күн|kun\b
    """
)

# Between the name of a code and its digits. Any other word there means another kind of number.
LINK = one_word_of(
    """
    это этот есть такой такие такая вот мой моя мои ваш ваша наш у меня мне нам вам он она равен равна значит
    пишу держите держи лови ловите даю диктую отправляю скидываю из от с со и а же тут сейчас только что для
    новый старый последний первый второй опять снова ещё еще код кода пароль карты карте карта картой моей
    пришёл пришел пришла пришло пришли прислали прислал получил получила получен высветился указан указано
    написан написано введите введи ввёл ввел ввела ввожу ввести вводил вводила не ни подходит подошёл подошел
    работает принимает принимается верный неверный правильный говорит пишет смс sms смски смске банка
    банковской сообщения сообщении сообщение пуш пуша пуше push уведомления уведомлении письма подтверждения
    подтверждение авторизации доступа проверки верификации активации входа вход операции платежа перевода
    оплаты одноразовый одноразовое
    is was are it its it's that this the my your our for from by just came got received here code pin password
    number confirmation verification login access card text message sent me us to i have entered enter use
    using and
    бұл менің маған келді келген міне мынау коды кодым растау айттым жібердім
    bu mening menga keldi kelgan mana shu kodi kodim paroli aytdim yubordim
    """
)

# The name of a one-time code, a password or a PIN.
CODE_NAME = (
    r"(?<!\w)"
    + either(
        r"""
    (?:смс|sms)[\s-]?(?:код|kod|code|парол)\w{0,4}|смс(?:-?к[аеиу])?|sms|otp|passcodes?|құпия\s?сөз|токен|token
    код(?:а|у|ом|е|ы|ов|ым|ты|ымыз)?|codes?|kod(?:i|im|ni|lar)?
    парол[ьяюе]м?|password|parol[ia]?m?|пин(?:[\s-]?код\w{0,3})?|pin(?:[\s-]?(?:code|kod\w{0,3}))?
    """
    )
    + r"(?!\w)"
)

# In front of "code": a code that is no secret.
PUBLIC_CODE = either(
    r"""
    промо|promo|qr|кьюар|штрих|бар|bar|mcc|мсс|dress|дресс|source|реферальн\w+|пригласительн\w+|налогов\w+
    почтов\w+|zip|post\w*|error|status|exit|return|response|http|category|product|item|reference|routing|ifsc
    country|area|currency|sort|branch|swift|свифт|bank|merchant|dial\w*|city|discount|coupon|voucher|gift
    booking|referral|invite|телефонн\w+|международн\w+|междугородн\w+|валют\w*|город\w*|стран\w*|регион\w*
    банк|мфо|бик|бин|инн|индекс|бот|bot|қала|ел|аймақ|өңір|облыс|қате|пошта|өнім
    valyuta|shahar|mamlakat|davlat|hudud|viloyat|xato|pochta|mfo|bik|inn|mahsulot
    """
)

# The name of a card's verification code, or of the place where it is printed.
CVV_NAME = either(
    r"""
    (?<!\w)(?:[cсц][vв][vвcсц]|cvn|cav|ппк)(?:[\s-]?2(?!\d))?(?![^\W\d_])(?:[\s-]?(?:код|code|kod)\w{0,2})?
    (?<!\w)(?:код\w{0,2} безопасности|қауіпсіздік коды|xavfsizlik kodi)
    (?<!\w)(?:(?:card )?security (?:code|number)|card verification (?:code|value|number))
    (?<!\w)(?:три|3|үш|uchta|three) (?:последн\w+ |last )?(?:цифр\w*|digits?|сан\w*|raqam\w*)(?!\w)
    (?<!\w)(?:код\w{0,2}|цифр\w*|числ\w+)\s(?:\w+\s){0,3}?(?:оборот\w*|обратк\w+|сзади)(?!\w)
    (?<!\w)(?:digits?|code|numbers?)\s(?:\w+\s){0,3}?back(?!\w)
    (?<!\w)(?:сзади|на обороте|на обратной стороне)(?: карты)?(?!\w)
    (?<!\w)(?:код\w{0,2}|цифр\w*|числ\w+)\s(?:\w+\s){0,3}?(?:обратн|задн|тыльн)\w+(?: сторон\w*)?(?!\w)
    (?<!\w)(?:артындағы|артқы жағындағы|сыртындағы)(?: (?:код\w*|(?:үш )?сан\w*))?
    (?<!\w)(?:orqasidagi|orqa tomonidagi)(?: (?:kod\w*|(?:uchta )?raqam\w*))?
    """
)

# Between a card number and the code that follows it: the other fields of a payment form.
CARD_FIELD = one_word_of(
    """
    и а код до срок действия действует действительна годна мм/гг с оборота сзади на обороте владелец держатель
    имя exp expires expiry expiration date valid thru good and till until cardholder name
    """
)
