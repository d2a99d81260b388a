"""Sites of Kyrgyzstan, and of Turkish broadcasters in Kyrgyz."""

import json

from .base import ADS, COUNTER, GTM, METRIKA, SHARE, doc, structure


@structure
def kabar(p):
    p.trap("dateline")
    return doc(
        p,
        "\n".join([p.head_title("{title} | {site}"), p.canonical(), p.og()]),
        f"""
<div class="top-bar"><div class="grid-x"><div class="top-date">{p.clock("{Weekday}, {d}-{month}")}</div><div class="langs"><a href="/">Кыр</a><a href="//ru.kabarchy.example">Рус</a><a href="//en.kabarchy.example">Eng</a></div></div></div>
<div class="title-bar"><a href="/" class="logo-k">{p.site}</a><ul class="vertical medium-horizontal menu">{p.menu()}</ul></div>
<div class="grid-container"><div class="grid-x grid-margin-x"><div class="large-8 cell"><div class="single-news"><p class="sn-cat">{p.section}</p><h1 class="sn-title">{p.t}</h1>
<div class="sn-meta"><span class="sn-date">{p.show("{d}-{month}, {y}, {hm}")}</span> <span class="sn-views">641</span></div>
<img class="sn-img" src="/site/assets/files/{p.number}/a.jpg" alt="">
<div class="sn-body">
{p.text(first="<strong>" + p.dateline + ".</strong> {}")}
</div><p class="sn-source">{p.w("source")}: <a href="/">{p.site}</a></p><div class="sn-tags">{p.each(p.tags, '<a href="#" class="label">{}</a>', " ")}</div><div class="sn-share">{SHARE}</div></div></div>
<div class="large-4 cell"><h4>{p.w("latest")}</h4>{p.cards(6, '<div class="media-object"><div class="media-object-section"><small>{date}</small><p><a href="{url}">{title}</a></p></div></div>', "{d}-{month}, {y}, {hm}", step=3)}</div></div></div>
<footer><div class="grid-container">{p.w("rights")}<br>{p.w("address")}</div></footer>""",
    )


@structure
def kg24(p):
    return doc(
        p,
        "\n".join(
            [
                p.head_title("{title} - {site}"),
                p.canonical(),
                p.og(suffix=" - kun24"),
                '<meta name="csrf-param" content="_csrf">',
                METRIKA,
            ]
        ),
        f"""
<div class="container"><div class="row header"><div class="col-xs-4"><a href="/"><img src="/images/logo.png" alt=""></a></div><div class="col-xs-8 text-right"><span class="dt">{p.clock("{d}-{month}, {weekday}")}</span></div></div>
<div class="row"><div class="col-xs-12"><ul class="nav nav-pills">{p.menu()}</ul></div></div>
<div class="row"><div class="col-xs-12 col-md-8"><div itemscope itemtype="http://schema.org/NewsArticle" itemid="{p.url}">
<div class="row"><div itemprop="articleSection" class="col-xs-4 newsCat"><a href="#">{p.section}</a></div>
<div class="col-xs-8 text-right newsDate hidden-xs"><span itemprop="datePublished" content="{p.iso(form="day")}">{p.show("{hm}, {d}-{month} {y}")}</span>, Бишкек - <span itemprop="publisher" itemscope itemtype="http://schema.org/Organization"><span itemprop="name">{p.site}</span></span>, <span itemprop="author" itemscope itemtype="http://schema.org/Person"><span itemprop="name" class="text-nowrap">{p.authors[0]}</span></span></div></div>
<a itemprop="url" href="{p.url}"><h1 itemprop="headline" class="newsTitle">{p.t}</h1></a>
<div class="cont" itemprop="articleBody">
{p.text(r='<p class="also-read"><b>{label}: <a href="{url}">{title}</a></b></p>')}
</div>
<div class="row"><div class="col-xs-12 col-sm-8 newsLink">{p.w("share")}: <input type="text" readonly value="https://kun24.example/{p.number}/"><br>{p.w("views")}: 1830</div></div>
<div class="row"><div class="col-xs-12 addthis">{SHARE}</div></div></div>
<div class="lineNews"><div class="lineTitle">{p.w("related")}</div>{p.cards(4, '<div class="one"><div class="time">{date}</div><div class="title"><a href="{url}"><span>{title}</span></a></div></div>', "{d}-{month} {hm}")}</div></div>
<div class="col-md-4"><div id="newslist"><div class="lineTitle">{p.w("latest")}</div>{p.cards(6, '<div class="one"><div class="time">{date}</div><div class="title"><a href="{url}">{title}</a></div></div>', "{hm}", step=1)}</div><div>{ADS}</div></div></div>
<div class="row footer"><div class="col-xs-12">{p.w("rights")}</div></div></div>""",
    )


@structure
def akipress_table(p):
    p.trap("layout-table", "br-paragraphs", "related-first", "no-h1", "dateline")
    return doc(
        p,
        "\n".join([p.head_title("{site}: {title}"), p.canonical(), '<meta http-equiv="refresh" content="900">']),
        f"""
<table width="1000" align="center" cellspacing="0" cellpadding="0" class="main"><tr><td colspan="2"><table width="100%"><tr><td><a href="/"><img src="/img/kg_logo.gif" alt="{p.site}"></a></td><td align="right"><a href="#">{p.w("search")}</a></td></tr></table></td></tr>
<tr><td colspan="2" class="menu_line">{p.menu('<a href="#">{}</a> |')}</td></tr>
<tr><td width="270" valign="top" class="left_col"><table id="last50" width="100%">{p.cards(7, '<tr><td class="datetxt" valign="top">{date}</td><td class="newslink"><a href="{url}">{title}</a></td></tr>', "{hm}, {dd}.{mm}.{y}", step=1)}</table></td>
<td valign="top" class="right_col"><table width="100%"><tr><td class="path"><a href="/">{p.w("home")}</a> / {p.section}</td></tr>
<tr><td class="datetxt">{p.show("{hm}, {dd}.{mm}.{y}")}</td></tr><tr><td class="headline"><span class="news_h">{p.t}</span></td></tr>
<tr><td class="newsbody"><img src="/img/{p.number}.jpg" align="left" hspace="8" width="300">{p.dateline} -
{p.text(p="{}", glue="<br><br>" + chr(10))}
</td></tr><tr><td class="sn">{SHARE}</td></tr><tr><td class="err">{p.w("mistake")}</td></tr></table></td></tr>
<tr><td colspan="2" class="foot" align="center">{p.w("rights")} {COUNTER}</td></tr></table>""",
        doctype='<!DOCTYPE html PUBLIC "-//W3C//DTD HTML 4.01 Transitional//EN">',
    )


@structure
def govkg(p):
    p.trap("split-date", "foreign-month")
    month = p.fmt("{month}", p.date, "ru")
    p.evidence += [str(p.date.year), month]
    return doc(
        p,
        "\n".join(
            [
                p.head_title("{title}"),
                '<meta name="csrf-token" content="x">',
                '<link href="/css/app.css" rel="stylesheet">',
            ]
        ),
        f"""
<header class="gov-header"><div class="gov-header__top"><a href="/ky"><img src="/img/gerb.svg" alt=""><span>{p.site}</span></a><span class="lang"><a href="/ky">KG</a><a href="/ru">RU</a></span></div><nav>{p.menu('<a href="#">{}</a>', 6)}</nav></header>
<section class="post-page"><div class="container"><div class="row"><div class="col-12 col-lg-9"><div class="post"><div class="post__date"><div class="post__day">{p.show("{d}")}</div><div class="post__month">{month}</div><div class="post__year">{p.date.year}</div></div>
<h1 class="post__title">{p.t}</h1><div class="post__image"><img src="/storage/posts/{p.number}.jpg" alt=""></div>
<div class="post__content">
{p.text(p='<p style="text-align:justify"><span style="font-size:14pt">{}</span></p>', q='<p style="text-align:justify"><span style="font-size:14pt"><em>{}</em></span></p>')}
</div></div></div>
<div class="col-12 col-lg-3"><div class="last-posts"><h3>{p.w("latest")}</h3>{p.cards(4, '<div class="last-posts__item"><div class="lp-date">{date}</div><a href="{url}">{title}</a></div>')}</div></div></div></div></section>
<footer class="gov-footer"><p>{p.w("rights")}</p></footer>""",
    )


@structure
def president_kg(p):
    hidden = (
        '<div class="d-none print-only"><h2>'
        + p.t
        + "</h2><div>"
        + "<br>".join(p.inline(text) for kind, text in p.body if kind in "PHQ")
        + "</div></div>"
    )
    p.trap("hidden-copy", "long")
    return doc(
        p,
        "\n".join([p.head_title("{title} | {site}"), p.canonical()]),
        f"""
<div class="pr-page"><div class="pr-head"><img src="/img/flag.svg" alt=""><h1 class="pr-site">{p.site}</h1>{p.trap("logo-h1")}</div><div class="pr-nav">{p.menu('<a href="#">{}</a>', 6)}</div>
<div class="pr-body"><div class="pr-news"><h2>{p.t}</h2><p class="pr-date">{p.show("{y}-жылдын {d}-{case}")}</p><div class="pr-photo"><img src="/files/{p.number}.jpg" alt=""></div>
<div class="pr-text">
{p.text(h="<h4>{}</h4>")}
</div>{hidden}<div class="pr-social">{SHARE}</div></div>
<div class="pr-side"><h3>{p.w("latest")}</h3>{p.cards(4, '<div><a href="{url}">{title}</a><br><em>{date}</em></div>', "{y}-жылдын {d}-{case}")}</div></div>
<div class="pr-foot">{p.w("rights")}</div></div>""",
    )


@structure
def kyrtag(p):
    p.trap("dateline")
    return doc(
        p,
        "\n".join([p.head_title("{title} - {site}"), '<link rel="stylesheet" href="/css/kt.css">', COUNTER]),
        f"""
<div class="header"><div class="logo"><a href="/kg/">{p.site}</a></div><div class="h-time">{p.clock("{hm}, {dd}-{mm}-{y}")}</div><div class="h-menu">{p.menu('<a href="#">{}</a>')}</div></div>
<div class="cols"><div class="col1"><div class="ntitle"><h2>{p.t}</h2></div>{p.trap("no-h1")}<div class="ndate">Дата: {p.show("{hm}, {dd}-{mm}-{y}")}.</div>
<div class="ntext">
{p.text(first="<b>" + p.dateline + "</b> - {}")}
</div><div class="nshare">Поделиться новостью: {SHARE}</div></div>
<div class="col2"><div class="btitle">{p.w("latest")}</div>{p.cards(5, '<div class="bn"><span>{date}</span> <a href="{url}">{title}</a></div>', "{hm}, {dd}-{mm}-{y}")}</div></div>
<div class="foot">{p.w("rights")}</div>""",
    )


@structure
def yii_ministry(p):
    p.trap("dateline")
    return doc(
        p,
        "\n".join([p.head_title("{site} | {section}"), '<meta name="csrf-param" content="_csrf-frontend">']),
        f"""
<div class="wrap"><header><a class="gerb" href="/ky">{p.site}</a><ul class="nav navbar-nav">{p.menu(count=6)}</ul></header>
<div class="container"><ul class="breadcrumb"><li><a href="/">{p.w("home")}</a></li><li><a href="#">{p.section}</a></li><li class="active">{p.t}</li></ul>
<div class="news-view"><h1>{p.t}</h1><div class="row"><div class="col-md-12"><div class="news-img"><img src="/uploads/{p.number}.jpg" alt=""></div>
<div class="news-text">
<div style="text-align:right"><strong>{p.show_dateline()}</strong></div>
{p.text(p='<div style="text-align: justify;">{}</div>', glue=chr(10) + "<div>&nbsp;</div>" + chr(10))}
</div></div></div></div>
<div class="other"><h3>{p.w("related")}</h3>{p.cards(4, '<p><a href="{url}">{title}</a></p>')}</div></div></div>
<footer class="footer"><div class="container"><p class="pull-left">&copy; {p.site} {p.fetched.year}</p><p class="pull-right">{p.w("address")}</p></div></footer>""",
    )


@structure
def trtavaz(p):
    p.trap("foreign-month", "lead-repeat", "wrong-lang")
    return doc(
        p,
        "\n".join([p.head_title("{title} | {section} | {site}"), p.og(), GTM]),
        f"""
<header class="avaz-header"><div class="avaz-logo"><a href="/"><img src="/img/avaz.svg" alt="{p.site}"></a></div><ul class="avaz-lang"><li><a href="/haber/tur">TÜR</a></li><li><a href="/haber/aze">AZE</a></li><li><a href="/haber/kaz">KAZ</a></li><li class="active"><a href="/haber/kir">KIR</a></li></ul><nav><ul><li>Haber</li><li>Canlı Yayın</li><li>Yayın Akışı</li></ul></nav></header>
<div class="container news-detail-page"><div class="row"><div class="col-md-8"><h1 class="news-title">{p.t}</h1><h2 class="news-spot">{p.inline(p.lead)}</h2>
<div class="news-date"><i class="icon-clock"></i> {p.show("{d} {month} {y} {weekday} {hm}", "tr")}</div>
<div class="news-img"><img src="/static/{p.number}.jpg" alt=""></div>
<div class="news-content">
{p.text(lead="<p><strong>{}</strong></p>")}
</div><div class="news-share">{SHARE}</div><div class="etiket"><span>Etiketler:</span> <a href="#">TÜRKSOY</a></div></div>
<div class="col-md-4"><h3>Son Haberler</h3>{p.cards(4, '<div class="sh"><a href="{url}">{title}</a></div>')}<h3>Yayın Akışı</h3><ul><li>14:00 Haber</li><li>15:30 Belgesel</li></ul></div></div></div>
<footer>TRT © {p.fetched.year} Tüm hakları saklıdır.</footer>""",
        lang="tr",
    )


@structure
def next_jsonld(p):
    p.trap("script-only")
    data = [
        {"@context": "https://schema.org", "@type": "Organization", "name": p.site},
        {
            "@context": "https://schema.org",
            "@type": ["NewsArticle"],
            "headline": p.title,
            "datePublished": p.iso(),
            "dateModified": p.iso(),
            "inLanguage": "ky",
            "articleBody": "\n".join(p.paragraphs()),
        },
    ]
    return doc(
        p,
        "\n".join(
            [
                '<meta name="viewport" content="width=device-width">',
                p.head_title("{title}"),
                p.og(suffix=" | TRT"),
                p.canonical(),
                p.jsonld(data),
                '<script defer src="/_next/static/chunks/webpack.js"></script>',
            ]
        ),
        f"""
<div id="__next"><div class="skeleton"><div class="skeleton-line"></div><div class="skeleton-line"></div></div></div>
<script id="__NEXT_DATA__" type="application/json">{json.dumps({"page": "/[lang]/article/[id]", "query": {"id": "51478338c7bf"}, "buildId": "b1"})}</script>""",
    )
