"""Sites of Turkmenistan."""

import html

from .base import ADS, GTM, SHARE, doc, structure


@structure
def turkmenportal(p):
    p.trap("glued")
    p.evidence += [p.fmt("{hm}"), p.fmt("{dd}.{mm}.{y}")]
    return doc(
        p,
        "\n".join([p.head_title("{title} | {section} | {site}"), p.canonical(), p.og(), GTM]),
        f"""
<header class="header"><div class="header__top"><a href="/tm"><img src="/images/logo.svg" alt="{p.site}"></a><div class="weather">Aşgabat +14°C</div><span class="rate">1 USD = 3.5 TMT</span></div><nav>{p.menu('<a class="header__link" href="#">{}</a>')}</nav></header>
<main class="content"><div class="container"><div class="article"><div class="article__category"><a href="#">{p.section}</a></div><h1 class="article__title">{p.t}</h1>
<div class="article__info"><span class="article__time">{p.fmt("{hm}")}</span><span class="article__date">{p.fmt("{dd}.{mm}.{y}")}</span><span class="article__views">5012</span></div>
<div class="article__img"><img src="/uploads/{p.number}.jpg" alt=""></div>
<div class="article__text">
{p.text(r='<div class="article__related"><span>{label}</span><a href="{url}">{title}</a></div>')}
</div><div class="article__share">{SHARE}</div>
<div class="comments"><h3>{p.w("comments")}</h3>{p.comments('<div class="comment"><b>{name}</b><span class="comment__date">{date}</span><p>{text}</p></div>', "{hm}{dd}.{mm}.{y}", 3)}<form><textarea placeholder="{p.w("add_comment")}"></textarea></form></div></div>
<div class="other"><h2>{p.w("latest")}</h2>{p.cards(6, '<div class="other__item"><span>{date}</span><a href="{url}">{title}</a></div>', "{hm}{dd}.{mm}.{y}", step=3)}</div></div></main>
<footer>{p.w("rights")}</footer>""",
    )


@structure
def tdh(p):
    hidden = (
        '<div id="print" hidden><h1>'
        + p.t
        + "</h1>"
        + "".join(f"<p>{p.inline(text)}</p>" for kind, text in p.body if kind in "PHQ")
        + "</div>"
    )
    p.trap("hidden-copy", "long")
    return doc(
        p,
        "\n".join(
            [
                p.head_title("{title} | {site}"),
                f'<meta name="title" content="{html.escape(p.title)}">',
                '<link href="/themes/tdh/assets/css/theme.css" rel="stylesheet">',
            ]
        ),
        f"""
<div class="layout-header"><div class="container"><div class="emblem"><img src="/themes/tdh/assets/images/emblem.png" alt=""></div><div class="site-title">{p.site}</div><div class="today">{p.clock("{d} {month} {y}")}</div></div><div class="menu-row">{p.menu('<a href="#">{}</a>', 6)}</div></div>
<div id="layout-content" class="container"><div class="row"><div class="col-md-9"><div class="post-single"><h3 class="post-single-title">{p.t}</h3>{p.trap("no-h1")}
<div class="post-single-date">{p.show("{ynji} ýylyň {dnji} {case}")} <a href="#">{p.section}</a></div><div class="post-single-image"><img src="/storage/{p.number}.jpg" alt=""></div>
<div class="post-single-content">
{p.text(h="<h4>{}</h4>")}
</div>{hidden}<div class="post-nav"><a href="#">&larr; {p.items(1)[0].title}</a> <a href="#">{p.items(1)[0].title} &rarr;</a></div></div></div>
<div class="col-md-3"><h5>{p.w("latest")}</h5>{p.cards(5, '<div class="r-item"><a href="{url}">{title}</a><div class="r-date">{date}</div></div>')}</div></div></div>
<footer id="layout-footer"><div class="container">{p.w("rights")}</div></footer>""",
    )


@structure
def orient_next(p):
    p.trap("script-only", "utc-day", "modified-later")
    graph = {
        "@context": "https://schema.org",
        "@graph": [
            {"@type": "WebSite", "name": p.site, "datePublished": "2016-06-01"},
            {
                "@type": ["Article", "NewsArticle"],
                "headline": p.title,
                "datePublished": p.iso(form="utc"),
                "dateModified": p.iso(p.modified, "utc"),
                "author": {"@type": "Person", "name": p.authors[0]},
                "articleBody": "\n\n".join(p.paragraphs()),
            },
        ],
    }
    return doc(
        p,
        "\n".join([p.head_title("{title} | {section} | {site}"), p.og(), p.canonical(), p.jsonld(graph)]),
        f"""
<div id="root"><header><a href="/tm">{p.site}</a><nav>{p.menu('<a href="#">{}</a>')}</nav></header><div class="loader" aria-busy="true"></div>
<aside><h4>{p.w("popular")}</h4>{p.cards(4, '<div><a href="{url}">{title}</a><time>{date}</time></div>', "{d} {month} {y}", kind="popular-dates")}</aside><footer>{p.w("rights")}</footer></div>
<script src="/static/js/main.8c1.js" defer></script>""",
    )


@structure
def business_tm(p):
    p.trap("lead-repeat")
    second = p.second(
        '<div class="post-next"><h2 class="post-next__title">{title}</h2><span class="post-next__date">{date}</span><div class="post-next__text">{text}</div></div>',
        "{dd}.{mm}.{y}",
    )
    return doc(
        p,
        "\n".join([p.head_title("{title} - {section} - {site}"), p.canonical(), p.og(suffix=" - Işewür"), ADS]),
        f"""
<div class="bt-top"><a class="bt-logo" href="/tm">{p.site}</a><div class="bt-menu">{p.menu('<a href="#">{}</a>')}</div></div>
<div class="bt-grid"><div class="bt-post"><p class="bt-over">{p.w("about").split(";")[0]} / {p.section}</p><h1 class="bt-title">{p.t}</h1><div class="bt-info"><span>{p.show("{dd}.{mm}.{y}")}</span><span>|</span><span>{p.w("views")}: 310</span></div>
<p class="bt-brief">{p.inline(p.lead)}</p><img src="/storage/{p.number}.jpg" alt="">
<div class="bt-text">
{p.text(lead="<p>{}</p>", p="<p>{}</p><p>&nbsp;</p>")}
</div><div class="bt-mail"><label>Täzelikleriňizi ýollaň</label><button>Ugratmak</button></div><div class="bt-share">{SHARE}</div></div>
{second}
<div class="bt-side"><h3>{p.w("popular")}</h3>{p.cards(4, '<a href="{url}"><b>{title}</b><i>{date}</i></a>', kind="popular-dates")}</div></div>
<div class="bt-foot">{p.w("rights")}</div>""",
    )


@structure
def october_embassy(p):
    p.trap("no-h1")
    return doc(
        p,
        "\n".join([p.head_title("{site}"), '<script src="/modules/system/assets/js/framework.js"></script>']),
        f"""
<header><div class="container"><a href="/tk"><img src="/themes/embassy/assets/gerb.png" alt=""></a><div class="emb-name">{p.site}<br>Ankara</div><ul class="emb-menu">{p.menu(count=5)}</ul></div></header>
<section class="emb-news"><div class="container"><div class="row"><div class="col-lg-8"><div class="emb-card"><div class="emb-title"><strong>{p.t}</strong></div><div class="emb-date"><i class="far fa-calendar"></i>{p.show("{Month} {y}")}</div><img src="/storage/app/uploads/{p.number}.jpg" alt="">
<div class="emb-text">
{p.text(p='<p style="text-align: justify;">&nbsp; &nbsp; &nbsp;{}</p>')}
</div></div></div>{p.trap("indent-spaces")}
<div class="col-lg-4"><div class="emb-list"><h4>{p.w("latest")}</h4>{p.cards(4, '<div class="emb-item"><a href="{url}">{title}</a><small>{date}</small></div>')}</div><div class="emb-hours"><h4>Iş wagty</h4><p>Duşenbe – anna, 09:00–18:00</p></div></div></div></div></section>
<footer>{p.w("rights")}</footer>""",
    )


@structure
def mfa_tm(p):
    p.trap("fixed-meta")
    photos = (
        (
            '<div class="photo-row">'
            + "".join(f'<img src="/uploads/{p.number}_{n}.jpg" alt="">' for n in range(3))
            + "</div>"
        )
        if "photos" in p.opt
        else ""
    )
    return doc(
        p,
        "\n".join(
            [
                p.head_title("{title} | {site}"),
                '<meta name="date" content="2019-11-11">',
                '<meta property="article:published_time" content="2019-11-11T09:00:00+05:00">',
                p.og(),
                '<meta name="csrf-token" content="x">',
            ]
        ),
        f"""
<div class="mfa-header"><a href="/tk"><img src="/assets/mfa.svg" alt=""></a><span class="mfa-name">TÜRKMENISTANYŇ DAŞARY IŞLER MINISTRLIGI</span><ul class="mfa-nav">{p.menu(count=6)}</ul></div>
<div class="mfa-page"><div class="mfa-crumbs"><a href="/">{p.w("home")}</a> &gt; <a href="#">{p.section}</a></div><h1 class="mfa-title">{p.t}</h1><div class="mfa-date">{p.show("{d} {month} {y}")}</div>{photos}
<div class="mfa-text">
{p.text(p="<p>{}</p>")}
</div><a class="mfa-back" href="/tk/news">{p.w("all")}</a>
<div class="mfa-more">{p.cards(3, '<div class="mfa-card"><div class="mfa-card-date">{date}</div><a href="{url}">{title}</a></div>', "{d} {month} {y}")}</div></div>
<div class="mfa-footer">{p.w("rights")}</div>""",
    )


@structure
def saylaw(p):
    p.trap("year-inferred", "caps-h1")
    shown = p.show("{d} {mon}")
    upper = html.escape(p.title.upper(), quote=False)
    return doc(
        p,
        "\n".join([p.head_title("{title}"), '<link rel="stylesheet" href="/css/s.css">']),
        f"""
<header><div class="s-logo"><h2>TÜRKMENISTANDA SAÝLAWLARY<br>WE SALA SALŞYKLARY GEÇIRMEK<br>BARADAKY MERKEZI TOPAR</h2></div><nav>{p.menu('<a href="#">{}</a>', 5)}</nav></header>
<main class="s-main"><div class="s-item"><div class="s-badge"><span>{shown}</span></div><h1 class="s-title">{upper}</h1><img src="/storage/{p.number}.jpg" alt="">
<div class="s-desc">
{p.text(p="<p>{}</p>")}
</div></div><div class="s-others">{p.cards(4, '<div class="s-other"><span>{date}</span><a href="{url}">{title}</a></div>', "{d} {mon}")}</div></main>
<footer>Ähli hukuklar goralan © {p.fetched.year}</footer>""",
    )


@structure
def mejlis_tm(p):
    p.trap("br-paragraphs", "indent-spaces", "no-h1")
    return doc(
        p,
        "\n".join([p.head_title("{site}"), '<link rel="stylesheet" href="/css/single_news.css">']),
        f"""
<div class="navbar flex_row"><div class="logo_block flex_row"><img src="/img/gerb.svg" alt=""><h1>TÜRKMENISTANYŇ<br/>MEJLISI</h1></div>{p.trap("logo-h1")}<div class="menu flex_row">{p.menu('<a href="#">{}</a>', 6)}</div></div>
<div class="single_news_page flex_row"><div class="inner_wrapper flex_column"><div class="breadcrumbs_row"><span>{p.w("home")}</span> / Media / {p.section}</div>
<div class="page_content_block flex_row"><div class="sidebar"><h4>{p.section}</h4><ul>{p.each(["Täzelikler", "Çykyşlar we makalalar", "Galereýa"], '<li><a href="#">{}</a></li>')}</ul></div>
<div class="news_block"><h3 class="block_title">{p.t}</h3><img class="main_img" src="/storage/{p.number}.jpg" alt="">
<div class="content">
{p.text(p="&emsp;&emsp;{}", glue="<br/>" + chr(10))}
</div></div></div>
<div class="more_news"><h3>{p.w("latest")}</h3>{p.cards(3, '<div class="news_container_small flex_row"><div class="content_block flex_column"><h4 class="title">{title}</h4><p class="content">{lead}</p><span class="date">{date}</span></div></div>')}</div></div></div>
<div class="footer flex_row"><span>Ähli hukuklar goralan &copy; {p.fetched.year}</span></div>""",
    )


@structure
def altyn_table(p):
    p.trap("layout-table", "dateline", "no-h1")
    return doc(
        p,
        "\n".join(
            [
                f'<meta http-equiv="Content-Type" content="text/html; charset={p.charset}">',
                "<title>Altyn eýýam - elektron gazet</title>",
            ]
        ),
        f"""
<center><table width="960" cellpadding="0" cellspacing="0" border="0"><tr><td height="90"><img src="/_img/top.jpg" width="960" height="90"></td></tr><tr><td><table width="100%" class="tm"><tr>{p.menu('<td align="center"><a href="#">{}</a></td>', 6)}</tr></table></td></tr>
<tr><td><table width="100%" cellpadding="8"><tr><td width="70%" valign="top"><table width="100%"><tr><td class="zag"><div align="center"><font size="+1"><b>{p.t}</b></font></div></td></tr>
<tr><td class="txt"><div align="right"><i>{p.show_dateline()}</i></div><table align="left" width="210"><tr><td><img src="/_img/{p.number}.jpg" width="200"></td></tr><tr><td><font size="-2">{p.w("photo")}: {p.site}</font></td></tr></table>{p.trap("caption")}
{p.text(p='<p align="justify">{}</p>')}
</td></tr><tr><td align="right"><a href="index.php">{p.w("all")} &gt;&gt;</a></td></tr></table></td>
<td width="30%" valign="top" bgcolor="#f2f2e6"><table width="100%"><tr><td class="rh">{p.w("latest")}</td></tr>{p.cards(5, '<tr><td class="rn"><font color="green">{date}</font> <a href="{url}">{title}</a></td></tr>')}</table></td></tr></table></td></tr>
<tr><td align="center" class="ft">{p.w("rights")}</td></tr></table></center>""",
        doctype='<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01 Transitional//EN">',
        charset=None,
    )
