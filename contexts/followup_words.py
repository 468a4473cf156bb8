"""Words, in four languages, by which a follow-up question is told from one that stands by itself."""

# Words that begin a question which goes on with the one before.
GOING_ON = """
а и ну или also and but or so then ал және сонда va unda yoki
"""
# Words that point at what was said.
POINTING = """
это этого этой этому этим этот эта эту эти этих его ее ей ему им их он она они оно там туда тогда
такой такую такая it its that this these those they them there one ones same ол оны оның бұл мұны
сол осы u uni uning bu buni shu buning
"""
# Words that carry no topic: question words, auxiliaries, and what comparisons and details are made of.
EMPTY = """
а и ну или но же ли бы то не да сколько стоит стоят стоить будет цена почем как где когда куда
откуда зачем почему кто что чего какой какая какие какое какова какую каком который можно нельзя
надо нужно если есть для по в во на с со у к о об от до за из без при через про еще тоже также
вместо это этого этой этому этот эта эту эти его ее ей ему их он она они оно там туда тогда такой
такую мне я мы вы вас нас меня долго быстро много сразу бесплатно платно срок сроки процент минимум
максимум больше меньше дороже дешевле раз рублях долларах евро год месяц день комиссия комиссии
ставка ставки лимит лимиты проценты условия документы ждать also and but or so then what how much
many long does do did is are was can could may will would i we you me my your it its that this these
those they them there one ones same the a an of for in on at to with about from by cost costs price
free when where why who which if not no any more less soon fast rate rates fee fees interest limit
limits term terms conditions documents take takes ал және ма ме ба бе па пе қанша қалай қайда қашан
неге кім қандай тұрады болады керек үшін ол оны оның бұл сол осы мен біз сіз егер va ham mi qancha
qanday qayerda qachon nega kim nima turadi boladi kerak uchun u uni uning bu shu men biz siz agar
yoki е
"""
# Words after which nothing is to be searched for again.
PLEASANT = """
спасибо благодарю ок окей понятно ясно хорошо ладно привет здравствуйте пока супер отлично thanks
thank ok okay great hello hi bye cool understood рақмет жарайды сәлем rahmat yaxshi salom mayli
"""
