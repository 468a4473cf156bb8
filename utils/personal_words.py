"""Words, in four languages, that people put beside their documents' numbers; each list is part of a pattern."""

from utils.personal_data import DataClass
from utils.secret_words import either

# Beside a number: what it is. Of several in front of it the nearest counts.
NAMED: dict[DataClass, str] = {
    DataClass.IBAN: either("iban\n ибан"),
    DataClass.ACCOUNT: either(
        r"""
    р[/\\.]?\s?с|л[/\\.]?\s?с|к[/\\.]?\s?с|сч[её]т(?:а|у|ом|е)?|account(?:\s(?:number|no\.?|№|\#))?|acc?t\.?
    hisob(?:\s?raqam)?\w*|шот\w*
    """
    ),
    DataClass.PHONE: either(
        r"""
    тел(?:ефон\w*)?|моб(?:ильн\w+)?|сотов\w+|номер(?:у|ом|а)? (?:для связи|мобильн\w+)|(?:по|пере)звон\w+
    звон\w+|набер\w+
    phone|tel(?:ephone)?|mobile|cell|call|whatsapp|viber|ватсап\w*|вайбер\w*|смс на номер|text me|telefon\w*
    qo[ʻ‘’'`]ng[ʻ‘’'`]iroq\w*|қоңырау\w*
    """
    ),
    DataClass.PASSPORT: either(
        r"""
    паспорт\w*|загран\w*|сери[яиюей]+|passport\w*|pasport\w*|удостоверени\w+|төлқұжат\w*|куәлік\w*|водительск\w+
    """
    ),
    DataClass.INN: either(r"инн|inn|tin|иин|жсн|бин|бсн|iin|bin|пинфл|pinfl|jshshir|жшшир|stir|стир"),
    DataClass.SNILS: either(r"снилс\w*|snils|пенсионн\w+ (?:номер|страхов\w+)|страхов\w+ (?:номер|свидетельств\w+)"),
    DataClass.OGRN: either(r"огрн(?:ип)?|ogrn(?:ip)?"),
}

# Words that make a number something else, however well it checks.
OTHERWISE = either(
    r"""
    бик|bik|bic|кпп|kpp|окпо|октмо|окато|оквэд|кбк|уин|заказ\w*|order|ticket|обращени\w+|заявк\w+|договор\w*
    contract|imei|iccid|трек\w*|tracking
    """
)

PASSPORT_NUMBER = r"(?:номер|№|n[oº]?\.?|number|raqam\w*|нөмір\w*)"
PASSPORT_SERIES = r"(?:сери[яиюей]+|сер\.|series|seriya\w*)"

# In front of a name that somebody gives.
INTRODUCTION = either(
    r"""
    меня зовут|мо[её] имя(?: и фамилия)?|моя фамилия|зовут меня|фио|ф\.\s?и\.\s?о\.|на имя|имя и фамилия|получатель
    my (?:full |first |last )?name(?:'s| is)|name is|i am called|name on the (?:card|account) is|mening ismim
    ismim|менің атым|аты-жөнім
    """
)

# What stands before the name of a street; the house, and a flat perhaps, follow it.
STREET = either(
    r"""
    улиц[аеыу]|ул\.?|проспект\w*|пр-?к?т\.?|пр\.|переул\w+|пер\.|бульвар\w*|б-р|шоссе|ш\.|набережн\w+|наб\.
    площад\w+|пл\.|проезд\w*|мкр\.?|микрорайон\w*|аллея|тупик
    """
)
HOUSE = r"(?:дом(?:е|а)?|д\.?|house|uy|үй)"
FLAT = either(
    r"""
    кв(?:артир\w*|\.)?|к(?:орп(?:ус\w*|\.)?|\.)|стр(?:оени\w+|\.)?|под(?:ъезд\w*|\.)|оф(?:ис\w*|\.)?
    эт(?:аж\w*|\.)?|apt\.?
    """
)
AT_SIGN = r"(?:\(at\)|\[at\]|\(собака\)|\[собака\]|собака(?!\w)|(?<!\w)at(?=\s[\w-]+\s(?:dot|точка)\s))"
DOT_SIGN = r"\s?(?:\.|\(dot\)|\[dot\]|\(точка\)|(?<!\w)(?:точка|dot)(?!\w))\s?"
