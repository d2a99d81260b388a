"""Sites of Kazakhstan."""

import html
import json

from .base import ADS, GTM, METRIKA, SHARE, doc, structure


@structure
def kazinform(p):
    p.trap("dateline", "modified-later")
    data = [
        {
            "@context": "https://schema.org",
            "@type": "NewsArticle",
            "headline": p.title,
            "datePublished": p.iso(),
            "dateModified": p.iso(p.modified),
            "author": [{"@type": "Person", "name": p.authors[0]}],
            "publisher": {"@type": "NewsMediaOrganization", "name": p.site},
        },
        {"@context": "https://schema.org", "@type": "BreadcrumbList", "itemListElement": []},
    ]
    return doc(
        p,
        "\n".join(
            [p.head_title("{title} - {site}"), p.canonical(), p.og(suffix=" - Kazinform kk"), p.jsonld(data), METRIKA]
        ),
        f"""
<header class="header"><div class="header__wrap container"><a href="/" class="header__logo"><img src="/logo.svg" alt=""></a><div class="header__date">{p.clock("{dd} {Month}, {weekday}")}</div><ul class="header__menu">{p.menu()}</ul></div></header>
<div class="container"><div class="article article-page-wrapper"><div class="article__breadcrumbs"><a href="/">{p.w("home")}</a><a href="#">{p.section}</a></div>
<div class="article__time">{p.show("{hm}, {dd} {Month} {y}")} | GMT +5</div>
<h1 class="article__title">{p.t}</h1>
<div class="article__pictureBlock"><picture><img src="/crops/{p.number}.webp" alt=""></picture><div class="article__picture-text">{p.w("photo")}: Виктор Федюнин/{p.site}</div></div>{p.trap("caption")}
<div class="article__body"><div class="article__body-text">
{p.text(first="<strong>" + p.dateline + "</strong> — {}", r='<div class="frame-news"><a href="{url}"><span class="frame-news__label">{label}</span> {title}</a></div>', q="<blockquote><p>{}</p></blockquote>")}
</div></div>
<div class="article__tags">{p.each(p.tags, '<a class="article__tag" href="#">{}</a>', " ")}</div>
<div class="article__author"><img src="/avatar.jpg" alt=""><div class="article__author-name">{p.authors[0]}</div><div>{p.w("author")}</div></div>
<div class="article__share">{SHARE}</div></div>
<div class="otherNews"><div class="block-title">{p.w("latest")}</div>{p.cards(6, '<a class="otherNews__item" href="{url}"><span class="otherNews__time">{date}</span><span class="otherNews__title">{title}</span></a>', "{hm}, {dd} {Month}", step=2)}</div></div>
<footer class="footer"><div class="footer__copyright">{p.w("rights")}</div></footer>""",
    )


@structure
def kazinform_amp(p):
    p.trap("dateline")
    return doc(
        p,
        "\n".join(
            [
                p.head_title("{title}"),
                f'<link rel="canonical" href="{html.escape(p.url.replace("/amp/", "/news/"))}">',
                '<script async src="https://cdn.ampproject.example/v0.js"></script>',
                "<style amp-custom>.t{color:#777}</style>",
            ]
        ),
        f"""
<amp-sidebar id="menu" layout="nodisplay" side="left"><ul>{p.menu()}</ul></amp-sidebar>
<div class="head"><a href="/">{p.site}</a></div>
<div class="wrap"><h1 class="title">{p.t}</h1><p class="t">{p.show("{hm}, {dd} {Month} {y}")} | GMT +5</p>
<amp-img src="/crops/{p.number}.webp" width="700" height="400" layout="responsive"></amp-img><p class="photo-src">{p.w("photo")}: pixabay.com</p>{p.trap("caption")}
{p.text(first="<strong>" + p.dateline + "</strong>. {}")}
<amp-social-share type="telegram"></amp-social-share>
<div class="more"><h3>{p.w("related")}</h3>{p.cards(3, '<p><span class="t">{date}</span> <a href="{url}">{title}</a></p>', "{hm}, {dd} {Month} {y}")}</div></div>
<div class="foot">{p.w("rights")}</div>""",
        attributes=" amp",
    )


@structure
def egemen(p):
    p.trap("lead-repeat", "byline-end", "long")
    return doc(
        p,
        "\n".join([p.head_title("{title} — {site}"), p.canonical(), p.og(), GTM]),
        f"""
<div class="header"><div class="container"><div class="top"><span class="now">{p.clock("{d} {Month}, {y}, {Weekday}")}</span><span class="kurs">470.51 $ 546.02 €</span></div><a class="logo" href="/"><img src="/img/logo.png" alt=""></a><ul class="nav">{p.menu()}</ul></div></div>
<div class="container"><div class="row"><div class="col-lg-8"><div class="article-block"><div class="name-news-block"><h2 class="name-news">{p.t}</h2>{p.trap("no-h1")}
<div class="news-info"><span>{p.section}</span> • <span>{p.show("{d} {Month}, {y}")}</span></div><div class="seen"><span>335 {p.w("views")}</span><span>9 {p.w("min_read")}</span></div></div>
<div class="article-title-lead"><p>{p.inline(p.lead)}</p></div><div class="article-image"><img src="/media/{p.number}.jpg" alt="{p.t}"></div>
<div class="article-content">
{p.text(lead="<p><strong>{}</strong></p>", h="<p><strong>{}</strong></p>", c='<p style="text-align: center;"><img src="{image}" /><br /><em>{text}</em></p>')}
<p><strong>{p.authors[0]},</strong></p><p><strong><em>«{p.site}»</em></strong></p></div>
<div class="article-tags">{p.each(p.tags, '<a href="#">{}</a>', " ")}</div><div class="article-share">{SHARE}</div></div>
<div class="last-news"><h3>{p.w("latest")}</h3>{p.cards(5, '<div class="ln"><a href="{url}">{title}</a><p>{date}</p></div>', "{d} {Month}, {y}")}</div></div>
<div class="col-lg-4"><div class="banner">{ADS}</div><h3>{p.w("popular")}</h3>{p.cards(3, '<div class="pop"><a href="{url}">{title}</a></div>')}</div></div></div>
<div class="footer">{p.w("rights")}</div>""",
    )


@structure
def egemen_lat(p):
    p.trap("lead-repeat", "byline-end", "relative")
    shown = f"{p.words['today']}, {p.fmt('{hm}')}"
    p.evidence.append(shown)
    return doc(
        p,
        "\n".join([p.head_title("{title}"), p.og(suffix=" – Egemen"), METRIKA]),
        f"""
<div id="app-lat"><nav class="navbar"><a class="navbar-brand" href="/">{p.site}</a><ul class="navbar-nav">{p.menu('<li class="nav-item"><a class="nav-link" href="#">{}</a></li>')}</ul></nav>
<section class="single"><div class="single-head"><p class="single-meta">{p.section} • {shown}</p><h1>{p.t}</h1><p class="single-sub">{p.inline(p.lead)}</p><p class="single-count">118 {p.w("views")} · 1 {p.w("min_read")}</p></div>
<div class="single-body">
{p.text(lead="<p>{}</p>")}
<p style="text-align:right"><em>{p.authors[0]}</em></p></div>
<div class="single-next"><h4>{p.w("latest")}</h4>{p.cards(3, '<div class="sn"><a href="{url}">{title}</a><span>{date}</span></div>', "{Weekday}, {hm}")}</div></section>
<div class="single-foot">{p.w("rights")}</div></div>""",
    )


@structure
def akorda(p):
    p.trap("subtitle")
    subtitle = html.escape(p.opt["subtitle"], quote=False)
    return doc(
        p,
        "\n".join(
            [
                p.head_title("{title} — {site}"),
                '<meta property="og:title" content="' + html.escape(p.title) + '">',
                METRIKA,
            ]
        ),
        f"""
<header class="ak-header"><a href="/kz"><img src="/assets/emblem.svg" alt="{p.site}"></a><div class="ak-lang"><a href="/kz">ҚАЗ</a><a href="/ru">РУС</a><a href="/en">ENG</a></div><ul class="ak-nav">{p.menu(count=5)}</ul></header>
<section class="ak-page"><div class="container"><div class="page-path"><a href="/kz">{p.w("home")}</a> › <a href="#">{p.section}</a></div>
<div class="event-head"><h1>{p.t} <small>{subtitle}</small></h1><div class="event-date">{p.show("{y} жылғы {d} {month}")}</div></div>
<div class="event-slider"><img src="/assets/media/{p.number}.jpg"></div>
<div class="event-text">
{p.text()}
</div><div class="event-share">{SHARE} <a href="#">{p.w("print")}</a></div></div>
<div class="other-events"><h2>{p.w("latest")}</h2>{p.cards(4, '<div class="oe"><div class="oe-date">{date}</div><h3><a href="{url}">{title}</a></h3></div>', "{y} жылғы {d} {month}")}</div></section>
<footer class="ak-footer">© {p.fetched.year} {p.site}</footer>""",
    )


@structure
def govkz(p):
    p.trap("script-only")
    text = "".join(f"<p>{html.escape(part, quote=False)}</p>" for part in p.paragraphs())
    state = {"news": {"id": p.number, "title": p.title, "created_date": p.iso(form="space"), "views": 77}}
    data = {
        "@context": "https://schema.org/",
        "@type": "NewsArticle",
        "name": p.title,
        "headline": p.title,
        "datePublished": p.iso(),
        "publisher": {"@type": "GovernmentOrganization", "name": p.site},
        "articleBody": text,
    }
    return doc(
        p,
        "\n".join(
            [
                p.head_title("{title} - {site}"),
                p.canonical(),
                '<link rel="manifest" href="/manifest.json">',
                p.jsonld(data),
            ]
        ),
        f"""
<app-root ng-version="14.2.0"><div class="preloader"><span>Жүктелуде...</span></div></app-root>
<script>window.__STATE__={json.dumps(state, ensure_ascii=False)};</script>
<script src="runtime.js" type="module"></script><script src="main.js" type="module"></script>""",
        lang="ru",
    ) + p.trap("wrong-lang")


@structure
def tengri(p):
    p.trap("lead-apart", "font-control")
    second = p.second(
        '<section class="second" data-next="1"><h2><a href="{url}">{title}</a></h2><div class="date-time">{date}</div><div class="content_main_text">{text}</div></section>',
        "{y} ж. {d} {month}, {hm}",
    )
    return doc(
        p,
        "\n".join([p.head_title("{title}: {section}"), p.canonical(), p.og(suffix=": Tanir.kz"), GTM]),
        f"""
<header class="menu"><a class="logo" href="/">{p.site}</a><span class="menu_date">{p.clock("{d} {month}, {weekday}")}</span><nav>{p.menu('<a href="#">{}</a>')}</nav></header>
<main class="container"><section class="first"><div class="breadcrumb"><a href="/">{p.w("home")}</a><span>{p.section}</span></div>
<h1 class="head-single">{p.t}</h1><div class="content_main_meta"><time class="date-time" datetime="{p.iso()}">{p.show("{y} ж. {d} {month}, {hm}")}</time><span class="content_main_meta_stat_comm">3</span><div class="text-size"><button>Aa−</button><button>Aa+</button></div></div>
<div class="content_main_desc"><p>{p.inline(p.lead)}</p></div><div class="content_main_thumb"><img src="/userdata/{p.number}.jpg" alt=""><p class="content_main_thumb_alt">{p.w("photo")}: Depositphotos.com</p></div>{p.trap("caption")}
<div class="content_main_inner"><div class="content_main_text">
{p.text(r='<blockquote class="tn-embed"><a href="{url}">{label}: {title}</a></blockquote>')}
</div><div class="tn-share">{SHARE}</div><div class="tn-subscribe">{p.w("telegram")}</div></div>
<div class="comments" id="comments"><h3>{p.w("comments")}</h3>{p.comments('<div class="tn-comment-item"><span class="name">{name}</span><time>{date}</time><div class="tn-comment-item-text">{text}</div></div>', "{d} {month} {y}, {hm}", 3)}</div></section>
{second}
<aside>{p.cards(5, '<div class="main-news_item"><a href="{url}">{title}</a><span class="main-news_item_meta">{date}</span></div>', "{d} {month}, {hm}")}</aside></main>
<footer>{p.w("rights")}</footer>""",
    )


@structure
def october_academy(p):
    p.trap("no-h1")
    return doc(
        p,
        "\n".join([p.head_title("{title}"), '<link rel="stylesheet" href="/themes/academy/assets/app.css">']),
        f"""
<header class="main-header"><div class="topline"><div class="clock" data-tz="Asia/Almaty">{p.clock("{hm} | {d} {Month} {y}")}</div></div><div class="brand"><img src="/storage/logo.png" alt=""><span>{p.site}</span></div><ul class="mainmenu">{p.menu(count=6)}</ul></header>
<div id="layout-content"><div class="container"><div class="row"><div class="col-sm-8 blog-post"><h2 class="post-title">{p.t}</h2><div class="featured-images"><img data-src="a.jpg" src="/storage/{p.number}.jpg" alt=""></div>
<div class="content">
{p.text()}
</div><p class="info"><a href="#">{p.section}</a></p></div>
<div class="col-sm-4"><h4>{p.w("popular")}</h4><ul class="post-list">{p.cards(4, '<li><h5><a href="{url}">{title}</a></h5><p class="excerpt">{lead}</p></li>')}</ul>
<div class="journal"><h4>Global-Turk</h4><p>2024, №1–2</p><p>2023, №3–4</p></div></div></div></div></div>
<footer id="layout-footer"><p>© 2010–{p.fetched.year} {p.site}</p></footer>""",
    )


@structure
def baq(p):
    return doc(
        p,
        "\n".join(
            [
                p.head_title("{title} | {site}"),
                p.canonical(),
                p.og(suffix=" | Habarlama"),
                f'<meta property="article:published_time" content="{p.iso()}">',
                f'<meta property="article:section" content="{p.section}">',
                METRIKA,
            ]
        ),
        f"""
<div class="page-wrap"><header class="bq-header"><a href="/" class="bq-logo"><h1>{p.site}</h1></a>{p.trap("logo-h1")}<div class="bq-menu">{p.menu('<a href="#">{}</a>')}</div></header>
<div class="bq-main"><article class="bq-article"><div class="bq-cat">{p.section}</div><h2 class="bq-title">{p.t}</h2><div class="bq-view">1 204 {p.w("views")}</div>
<div class="bq-image"><img src="/resize/{p.number}.jpg" alt=""><span>{p.w("photo")}: {p.site}</span></div>{p.trap("caption")}
<div class="bq-text">
{p.text(a='<div class="bq-adv" data-label="ad"><p>{label}</p></div>')}
</div><div class="bq-tags">{p.each(p.tags, '<a href="#">#{}</a>', " ")}</div>
<div class="bq-poll"><p>Мақала ұнады ма?</p><label><input type="radio"> Иә</label><label><input type="radio"> Жоқ</label></div></article>
<div class="bq-feed">{p.cards(6, '<a href="{url}"><i>{date}</i>{title}</a>', "{hm}", step=1)}</div></div>
<footer>{p.w("rights")}</footer></div>""",
    )


@structure
def silkway(p):
    p.trap("lead-cut", "year-inferred")
    cut = html.escape(p.paragraphs()[0][:95].rsplit(" ", 1)[0] + "…", quote=False)
    return doc(
        p,
        "\n".join(
            [p.head_title("{site} | {title}"), p.og(suffix=" | Silk Way"), '<meta name="csrf-token" content="x">', GTM]
        ),
        f"""
<div id="app"><header class="sw-header"><a href="/kz"><img src="/img/sw.svg" alt="{p.site}"></a><div class="sw-live">LIVE</div><ul class="sw-menu">{p.menu(count=5)}</ul></header>
<div class="sw-hero" style="background-image:url(/storage/{p.number}.jpg)"><div class="sw-hero__inner"><span class="sw-label">{p.section}</span><h1>{p.t}</h1><p class="sw-teaser">{cut}</p><span class="sw-date">{p.show("{d} {Month}")}</span></div></div>
<div class="sw-content"><div class="sw-text">
{p.text(c='<div class="sw-photo"><img src="{image}"><small>{text}</small></div>', p="<div>{}</div>", glue=chr(10))}
</div><div class="sw-share">{SHARE}</div></div>
<section class="sw-schedule"><h3>Эфир</h3><ul><li>18:00 Жаңалықтар</li><li>18:30 Silk Way Star</li></ul></section>
<section class="sw-more"><h3>{p.w("related")}</h3>{p.cards(4, '<a class="sw-card" href="{url}"><span>{date}</span><h4>{title}</h4></a>')}</section>
<footer class="sw-footer">{p.w("rights")}</footer></div>""",
    )
