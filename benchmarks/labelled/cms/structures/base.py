"""What the structures share: the page, its words, its dates, and small pieces of HTML."""

import html
import json
import re
from datetime import UTC, datetime, timedelta, timezone

STRUCTURES = {}


def structure(function):
    STRUCTURES[function.__name__] = function
    return function


MONTHS = {
    "az": "yanvar fevral mart aprel may iyun iyul avqust sentyabr oktyabr noyabr dekabr",
    "kk": "қаңтар ақпан наурыз сәуір мамыр маусым шілде тамыз қыркүйек қазан қараша желтоқсан",
    "kk-latn": "qañtar aqpan nauryz säuır mamyr mausym şılde tamyz qyrküiek qazan qaraşa jeltoqsan",
    "ky": "январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь",
    "uz": "yanvar fevral mart aprel may iyun iyul avgust sentabr oktabr noyabr dekabr",
    "uz-cyrl": "январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь",
    "tk": "ýanwar fewral mart aprel maý iýun iýul awgust sentýabr oktýabr noýabr dekabr",
    "ru": "Январь Февраль Март Апрель Май Июнь Июль Август Сентябрь Октябрь Ноябрь Декабрь",
    "tr": "Ocak Şubat Mart Nisan Mayıs Haziran Temmuz Ağustos Eylül Ekim Kasım Aralık",
}
# the month as in "the 15th of April": Kyrgyz possessive, Turkmen possessive in the locative, Kazakh locative
MONTHS_CASE = {
    "ky": "январы февралы марты апрели майы июну июлу августу сентябры октябры ноябры декабры",
    "tk": "ýanwarynda fewralynda martynda aprelinde maýynda iýunynda iýulynda awgustynda sentýabrynda oktýabrynda "
    "noýabrynda dekabrynda",
    "kk": "қаңтарда ақпанда наурызда сәуірде мамырда маусымда шілдеде тамызда қыркүйекте қазанда қарашада желтоқсанда",
}
WEEKDAYS = {
    "az": "bazar ertəsi,çərşənbə axşamı,çərşənbə,cümə axşamı,cümə,şənbə,bazar",
    "kk": "дүйсенбі,сейсенбі,сәрсенбі,бейсенбі,жұма,сенбі,жексенбі",
    "kk-latn": "düisenbı,seisenbı,särsenbı,beisenbı,jūma,senbı,jeksenbı",
    "ky": "дүйшөмбү,шейшемби,шаршемби,бейшемби,жума,ишемби,жекшемби",
    "uz": "dushanba,seshanba,chorshanba,payshanba,juma,shanba,yakshanba",
    "uz-cyrl": "душанба,сешанба,чоршанба,пайшанба,жума,шанба,якшанба",
    "tk": "duşenbe,sişenbe,çarşenbe,penşenbe,anna,şenbe,ýekşenbe",
    "ru": "понедельник,вторник,среда,четверг,пятница,суббота,воскресенье",
    "tr": "Pazartesi,Salı,Çarşamba,Perşembe,Cuma,Cumartesi,Pazar",
}
AZ_YEAR = {0: "ci", 1: "ci", 2: "ci", 3: "cü", 4: "cü", 5: "ci", 6: "cı", 7: "ci", 8: "ci", 9: "cu"}
ZONES = {"az": 4, "kk": 5, "ky": 6, "uz": 5, "tk": 5}


def tk_ordinal(number):
    """-nji or -njy by the vowels of the numeral's last word: altynjy, dokuzynjy, onunjy, otuzynjy."""
    last, tens = number % 10, number % 100
    back = last in (6, 9) or (last == 0 and tens in (10, 30, 40, 60, 90))
    return f"{number}-{'njy' if back else 'nji'}"


def capital(word, code):
    dotted = {"i": "İ", "ı": "I"} if code in ("az", "tr", "kk-latn") else {}
    return dotted.get(word[0], word[0].upper()) + word[1:]


def when(text, hours):
    value = datetime.fromisoformat(text)
    return value if value.tzinfo else value.replace(tzinfo=timezone(timedelta(hours=hours)))


class Item:
    def __init__(self, title, lead, moment, url):
        self.title, self.lead, self.moment, self.url = title, lead, moment, url


class Page:
    def __init__(self, fields, blocks, words):
        self.__dict__.update(fields)
        self.body = blocks  # [(kind, text)] with kinds L P H Q I R C A
        self.words = words  # the language's chrome
        self.code = self.language
        if self.language == "kk" and self.script == "Latn":
            self.code = "kk-latn"
        if self.language == "uz" and self.script == "Cyrl":
            self.code = "uz-cyrl"
        self.evidence, self.found_traps = [], []
        self.taken = self.offset

    # words ---------------------------------------------------------------------------------------------------------
    def w(self, key, **values):
        text = self.words[key]
        return html.escape(text.format(site=self.site, year=self.fetched.year, **values), quote=False)

    def list(self, key):
        return [html.escape(part.strip(), quote=False) for part in self.words[key].split(";")]

    def each(self, values, pattern, glue="\n"):
        return glue.join(pattern.format(value) for value in values)

    def menu(self, pattern='<li><a href="#">{}</a></li>', count=None):
        return self.each(self.list("menu")[:count], pattern)

    # dates ---------------------------------------------------------------------------------------------------------
    def fmt(self, pattern, moment=None, code=None):
        moment = moment or self.date
        code = code or self.code
        month = MONTHS[code].split()[moment.month - 1]
        case = MONTHS_CASE.get(code)
        weekday = WEEKDAYS[code].split(",")[moment.weekday()]
        return pattern.format(
            d=moment.day,
            dd=f"{moment.day:02}",
            mm=f"{moment.month:02}",
            y=moment.year,
            yy=f"{moment.year % 100:02}",
            hm=f"{moment.hour:02}:{moment.minute:02}",
            s=f"{moment.second:02}",
            month=month,
            Month=capital(month, code),
            mon=capital(month[:3], code),
            case=case.split()[moment.month - 1] if case else month,
            weekday=weekday,
            Weekday=capital(weekday, code),
            yci=f"{moment.year}-{AZ_YEAR[moment.year % 10]}",
            ynji=tk_ordinal(moment.year),
            dnji=tk_ordinal(moment.day),
        )

    def show(self, pattern, code=None):
        """The publication date in print; the string becomes evidence."""
        text = self.fmt(pattern, self.date, code)
        self.evidence.append(text)
        return html.escape(text, quote=False)

    def iso(self, moment=None, form="offset"):
        moment = moment or self.date
        if form == "utc":
            text = moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
        elif form == "utc0":
            text = moment.astimezone(UTC).isoformat(timespec="seconds")
        elif form == "naive":
            text = moment.strftime("%Y-%m-%dT%H:%M:%S")
        elif form == "space":
            text = moment.strftime("%Y-%m-%d %H:%M:%S")
        elif form == "day":
            text = moment.strftime("%Y-%m-%d")
        else:
            text = moment.isoformat(timespec="seconds")
        if self.date and moment == self.date:
            self.evidence.append(text)
        return text

    def show_dateline(self):
        self.evidence.append(self.dateline)
        return html.escape(self.dateline, quote=False)

    def local(self, moment):
        return moment.astimezone(self.zone)

    # traps ---------------------------------------------------------------------------------------------------------
    def trap(self, *names):
        self.found_traps += [name for name in names if name not in self.found_traps]
        return ""

    # text ----------------------------------------------------------------------------------------------------------
    def inline(self, text):
        text = html.escape(text, quote=False)
        text = re.sub(r"\[([^\]]+)\]\(([^)]+)\)", r'<a href="\2">\1</a>', text)
        text = re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", text)
        return re.sub(r"__(.+?)__", r"<em>\1</em>", text)

    def plain(self, text):
        text = re.sub(r"\[([^\]]+)\]\([^)]+\)", r"\1", text)
        return re.sub(r"\*\*|__", "", text)

    @property
    def lead(self):
        return next((text for kind, text in self.body if kind == "L"), None)

    def paragraphs(self):
        return [self.plain(text) for kind, text in self.body if kind in "LPHQI"]

    def text(
        self,
        p="<p>{}</p>",
        h="<h2>{}</h2>",
        q="<blockquote><p>{}</p></blockquote>",
        ul=("<ul>", "<li>{}</li>", "</ul>"),
        r='<p class="read-more">{label}: <a href="{url}">{title}</a></p>',
        c='<figure><img src="{image}" alt=""><figcaption>{text}</figcaption></figure>',
        a='<div class="adv">{label}</div>',
        lead=None,
        first="{}",
        glue="\n",
    ):
        """The body as HTML; `lead` is the pattern of a lead inside the body, None leaves it out."""
        out, items, begun = [], [], False
        for kind, text in [*self.body, ("", "")]:
            if items and kind != "I":
                out.append("\n".join([ul[0], *items, ul[2]]))
                items = []
            if kind == "I":
                items.append(ul[1].format(self.inline(text)))
                self.trap("lists")
            elif kind == "P":
                content = self.inline(text)
                out.append(p.format(content if begun else first.format(content)))
                begun = True
            elif kind in ("L", "H", "Q"):
                pattern, trap = {"L": (lead or "", None), "H": (h, "subheads"), "Q": (q, "quote")}[kind]
                out += [pattern.format(self.inline(text))] if pattern else []
                self.trap(*filter(None, [trap]))
            elif kind:
                out.append(self.noise(kind, text, {"R": r, "C": c, "A": a}, len(out)))
        return glue.join(out)

    def noise(self, kind, text, patterns, place):
        """What stands inside the body and is no part of it: insert, caption, ad, embedded post."""
        text = html.escape(text, quote=False)
        if kind == "R":
            self.trap("insert")
            return patterns["R"].format(label=self.w("read_also"), url=self.link(text), title=text)
        if kind == "C":
            self.trap("caption")
            return patterns["C"].format(text=text, image=f"/uploads/{self.number}_{place}.jpg")
        if kind == "A":
            return patterns["A"].format(label=self.w("ad"))
        self.trap("embed")
        date = self.fmt("{Month} {d}, {y}", self.local(self.fetched) - timedelta(days=40))
        return (
            f'<blockquote class="twitter-tweet" data-lang="{self.language}"><p>{text}</p>&mdash; {self.site} '
            f'<a href="https://twitter.example/s/1">{date}</a></blockquote>'
        )

    # around the article --------------------------------------------------------------------------------------------
    def link(self, title):
        number = self.number + sum(map(ord, title)) % 900 - 450
        return f"https://{self.host}/{self.language}/{number}"

    def items(self, count, step=7):
        """The next related items; their dates run back from the crawl."""
        pool = self.words["headlines"]
        found = []
        for index in range(count):
            title, lead = pool[(self.taken + index) % len(pool)]
            back = timedelta(hours=step * (index + 1) + index * index, minutes=17 * index + 6)
            found.append(
                Item(
                    html.escape(title, quote=False),
                    html.escape(lead, quote=False),
                    self.local(self.fetched) - back,
                    self.link(title),
                )
            )
        self.taken += count
        return found

    def cards(self, count, pattern, date="{dd}.{mm}.{y}", step=7, glue="\n", kind="related-dates"):
        if "{date}" in pattern and kind:
            self.trap(kind)
        return glue.join(
            pattern.format(
                title=item.title,
                lead=item.lead,
                url=item.url,
                n=index + 1,
                date=self.fmt(date, item.moment),
                iso=item.moment.isoformat(timespec="seconds"),
                image=f"/storage/cards/{self.number + index}.jpg",
            )
            for index, item in enumerate(self.items(count, step))
        )

    def comments(self, pattern, date="{dd}.{mm}.{y} {hm}", count=2):
        self.trap("comment-dates")
        out = []
        for index, line in enumerate(self.words["comment_texts"][:count]):
            name, text = [html.escape(part.strip(), quote=False) for part in line.split("|")]
            moment = self.local(self.fetched) - timedelta(hours=3 + 9 * index, minutes=11 * index + 2)
            out.append(
                pattern.format(
                    name=name, text=text, date=self.fmt(date, moment), iso=moment.isoformat(timespec="seconds")
                )
            )
        return "\n".join(out)

    def second(self, pattern, date="{dd}.{mm}.{y} {hm}"):
        """A second whole article below the first."""
        self.trap("second-article")
        title, paragraphs = self.words["second"][0], self.words["second"][1:]
        moment = self.local(self.fetched) - timedelta(hours=21, minutes=34)
        return pattern.format(
            title=html.escape(title, quote=False),
            date=self.fmt(date, moment),
            iso=moment.isoformat(timespec="seconds"),
            url=self.link(title),
            text="\n".join(f"<p>{html.escape(text, quote=False)}</p>" for text in paragraphs),
        )

    def clock(self, pattern):
        self.trap("mast-clock")
        return self.fmt(pattern, self.local(self.fetched))

    # head ----------------------------------------------------------------------------------------------------------
    def og(self, suffix="", title=None, kind="article"):
        title = title or self.title
        if suffix:
            self.trap("title-suffix")
        rows = [
            f'<meta property="og:type" content="{kind}">',
            f'<meta property="og:title" content="{html.escape(title + suffix)}">',
            f'<meta property="og:url" content="{html.escape(self.url)}">',
            f'<meta property="og:site_name" content="{html.escape(self.site)}">',
        ]
        first = self.lead or self.paragraphs()[0]
        rows.append(f'<meta property="og:description" content="{html.escape(first[:180])}">')
        return "\n".join(rows)

    def canonical(self):
        return f'<link rel="canonical" href="{html.escape(self.url)}">'

    def jsonld(self, data):
        return (
            '<script type="application/ld+json">'
            + json.dumps(data, ensure_ascii=False, indent=1).replace("</", "<\\/")
            + "</script>"
        )

    def head_title(self, pattern):
        if pattern != "{title}":
            self.trap("title-suffix")
        return (
            "<title>"
            + html.escape(pattern.format(title=self.title, site=self.site, section=self.section), quote=False)
            + "</title>"
        )

    @property
    def t(self):
        return html.escape(self.title, quote=False)


GTM = (
    "<script>(function(w,d,s,l,i){w[l]=w[l]||[];w[l].push({'gtm.start':new Date().getTime(),event:'gtm.js'});})"
    "(window,document,'script','dataLayer','GTM-EXAMPLE');</script>"
)
METRIKA = (
    "<script>(function(m,e,t,r,i,k,a){m[i]=m[i]||function(){(m[i].a=m[i].a||[]).push(arguments)};m[i].l=1*new Date();})"
    "(window,document,'script','https://mc.example/tag.js','ym');ym(1,'init',{clickmap:true});</script>"
)
COUNTER = (
    '<!--LiveInternet counter--><a href="//counter.example/click" target="_blank"><img id="licnt" width="88" '
    'height="31" style="border:0" title="" alt=""></a><script>(function(d,s){d.getElementById(\'licnt\').src='
    "'//counter.example/hit?t=44'})(document,screen)</script>"
)
ADS = (
    '<ins class="adsbygoogle" style="display:block" data-ad-client="ca-pub-0" data-ad-slot="1"></ins>'
    "<script>(adsbygoogle = window.adsbygoogle || []).push({});</script>"
)
SHARE = (
    '<a href="https://facebook.example/sharer">Facebook</a> <a href="https://twitter.example/intent">Twitter</a> '
    '<a href="https://t.me.example/share">Telegram</a> <a href="https://wa.example/send">WhatsApp</a>'
)


def doc(p, head, body, attributes="", doctype="<!DOCTYPE html>", lang=None, charset="meta", body_attributes=""):
    meta = f'<meta charset="{p.charset}">\n' if charset else ""
    lang = lang or p.language
    return (
        f'{doctype}\n<html lang="{lang}"{attributes}>\n<head>\n{meta}{head}\n</head>\n<body{body_attributes}>\n{body}\n'
        f"</body>\n</html>\n"
    )
