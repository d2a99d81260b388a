"""Sites of Uzbekistan."""

import html

from .base import COUNTER, GTM, METRIKA, SHARE, doc, structure


@structure
def kun(p):
    p.trap("lead-apart")
    return doc(
        p,
        "\n".join(
            [p.head_title("{title}"), p.canonical(), p.og(), '<meta name="csrf-param" content="_csrf">', METRIKA]
        ),
        f"""
<header class="header"><div class="container"><a class="header-logo" href="/">{p.site}</a><div class="header-menu">{p.menu('<a class="header-menu__item" href="#">{}</a>')}</div></div></header>
<div class="container"><div class="news-inner"><div class="news-inner__content"><div class="news-inner__content-head">
<div class="news-inner__content-stats"><span>{p.section} | {p.show("{hm} / {dd}.{mm}.{y}")}</span><span class="views">21044</span><span>3 {p.w("min_read")}</span></div>
<h1 class="news-inner__content-title">{p.t}</h1><p class="news-inner__content-desc">{p.inline(p.lead)}</p>
<div class="news-inner__content-img"><img src="https://storage.example/{p.number}.jpg" alt=""><p>{p.w("photo")}: Kunlik</p></div>{p.trap("caption")}
<div class="news-inner__content-page">
{p.text(r='<blockquote class="readmore"><a href="{url}"><strong>{label}</strong>{title}</a></blockquote>')}
</div></div>
<div class="news-inner__tags">{p.each(p.tags, '<a class="news-inner__tag" href="#">{}</a>', " ")}</div>
<div class="news-inner__share">{SHARE}</div></div>
<div class="news-inner__aside"><h3>{p.w("latest")}</h3>{p.cards(6, '<a class="news-page__item l-item" href="{url}"><div class="l-item__date">{date}</div><h3 class="news-page__item-title">{title}</h3></a>', "{hm} / {dd}.{mm}.{y}", step=2)}</div></div>
<div class="mavzuga-oid"><h2>{p.w("related")}</h2>{p.cards(3, '<a href="{url}"><p>{date}</p><h3>{title}</h3></a>', "{hm} / {dd}.{mm}.{y}")}</div></div>
<footer class="footer"><p>{p.w("rights")}</p></footer>""",
    )


@structure
def gazeta(p):
    p.trap("lead-apart", "comment-dates", "modified-later")
    return doc(
        p,
        "\n".join([p.head_title("{title} – {site}"), p.canonical(), p.og(suffix=f" – {p.site}"), GTM]),
        f"""
<div id="top"><div class="block"><a class="logo" href="/oz"></a><div class="topDate">{p.clock("{d}-{month}, {weekday}")}</div><div class="langs"><a href="/ru">Русский</a> <a href="/uz">Ўзбекча</a> <a class="sel" href="/oz">O‘zbekcha</a></div></div><ul class="mainmenu">{p.menu()}</ul></div>
<div id="content"><div class="leftContainer"><div class="articleTopBG"><img src="/media/img/{p.number}.jpg" alt=""><span class="credit">{p.w("photo")}: Ilyos Safarov / “{p.site}”</span></div>{p.trap("caption")}
<h1 id="article_title" class="articleTitle">{p.t}</h1><div class="articleDateTime">{p.show("{d}-{month} {y}, {hm}")} &nbsp;<a href="#">{p.section}</a></div>
<h2 class="articleLead">{p.inline(p.lead)}</h2>
<div class="js-mediator-article article-text" itemprop="articleBody">
{p.text(r='<div class="also"><h5>{label}</h5><a href="{url}">{title}</a></div>')}
<p class="upd"><i>{p.w("updated")}: {p.fmt("{d}-{month} {y}, {hm}", p.modified)}</i></p></div>
<div class="articleAuthor"><a href="#">{p.authors[0]}</a></div><div class="articleShare">{SHARE}</div><div class="orphus">{p.w("mistake")}</div>
<div class="comments"><h3>{p.w("comments")}</h3>{p.comments('<div class="cblock"><div class="cname">{name}</div><div class="cdate">{date}</div><div class="ctext">{text}</div></div>', "{d}-{month} {y}, {hm}", 3)}</div></div>
<div class="rightContainer"><div class="nblock-list">{p.cards(5, '<div class="nblock"><div class="nt"><h3><a href="{url}">{title}</a></h3><div class="ndt">{date}</div><p>{lead}</p></div></div>', "{d}-{month} {y}, {hm}")}</div></div></div>
<div id="footer">{p.w("rights")} {COUNTER}</div>""",
    )


@structure
def gazeta_print(p):
    return doc(
        p,
        "\n".join([p.head_title("{title}"), p.canonical(), '<meta name="robots" content="noindex">']),
        f"""
<div class="pwrap"><p class="plogo"><img src="/i/print.gif" alt="{p.site}"></p>
<h1>{p.t}</h1>
<div class="ptext">
{p.text()}
<p class="pauthor"><b>{p.authors[0]}</b></p></div>{p.trap("byline-end")}
<hr><p class="pcopy">© 2006–{p.fetched.year} {p.site}</p></div>""",
    )


@structure
def daryo(p):
    p.trap("lead-repeat", "long", "modified-later", "naive-time")
    data = {
        "@context": "https://schema.org",
        "@type": "Article",
        "headline": p.title,
        "datePublished": p.iso(form="naive"),
        "dateModified": p.iso(p.modified, "naive"),
        "author": {"@type": "Person", "name": p.authors[0]},
    }
    second = p.second(
        '<div class="article-next"><div class="article-next__date">{date}</div><h2>{title}</h2><div class="default__section post-view">{text}</div></div>',
        "{y}-yil {d}-{month}, {hm}",
    )
    return doc(
        p,
        "\n".join([p.head_title("{title} – {site}"), p.canonical(), p.og(suffix=" | Daryo"), p.jsonld(data), METRIKA]),
        f"""
<div class="wrapper"><header><div class="menu__top"><a href="/" class="site-logo">{p.site}</a><div class="menu__time">{p.clock("{d}-{month}, {y} | {hm}")}</div></div><div class="menu__list">{p.menu('<a href="#">{}</a>')}</div></header>
<div class="maincontent__wrapper"><div class="itemHeader"><h1 class="itemTitle">{p.t}</h1><div class="itemData"><span>{p.show("{y}-yil {d}-{month}, {hm}")}</span><span>48 211</span></div></div>
<div class="itemDesc"><p>{p.inline(p.lead)}</p></div><figure class="itemImage"><img src="/cdn/{p.number}.jpg" alt=""><figcaption>{p.w("photo")}: “Irmoq” / ochiq manba</figcaption></figure>{p.trap("caption")}
<div class="default__section border post-view content-size">
{p.text(lead="<p><strong>{}</strong></p>", h="<h3>{}</h3>")}
</div><div class="authorship">{p.authors[0]}</div><div class="post-tags">{p.each(p.tags, '<a href="#">#{}</a>', " ")}</div>
<div class="mini__articles"><h4>{p.w("related")}</h4>{p.cards(4, '<div class="mini__article"><time>{date}</time><h3><a href="{url}">{title}</a></h3></div>', "{d}-{month}, {hm}")}</div>
{second}</div>
<footer><div>{p.w("rights")}</div></footer></div>""",
    )


@structure
def uza(p):
    p.trap("byline-end", "glued")
    return doc(
        p,
        "\n".join([p.head_title("{title} – {section} – {site}"), p.canonical(), p.og(), GTM]),
        f"""
<div class="uza-top"><div class="container"><span>{p.clock("{dd}.{mm}.{y}")}</span><a href="/ru">РУ</a><a href="/uz">UZ</a><a href="/en">EN</a></div></div><header class="uza-head"><a href="/uz"><img src="/logo.png" alt="{p.site}"></a><ul>{p.menu()}</ul></header>
<div class="container"><div class="content-block"><div class="content-block__head"><a class="cat" href="#">{p.section}</a><div class="date-views"><span class="time">{p.show("{hm}")}</span><span class="date">{p.show("{d}-{month}, {y}")}</span><span class="views">907</span></div></div>
<h1 class="big-title">{p.t}</h1><img class="main-image" src="/media/{p.number}.jpg" alt="">
<div class="content-block__body">
{p.text(c="<p><em>{text}</em></p>")}
<p style="text-align:right"><strong>{p.authors[0]},</strong></p><p style="text-align:right"><strong>{p.site} muxbiri</strong></p></div>
<div class="content-block__share">{SHARE}</div></div>
<div class="others"><h2>{p.w("latest")}</h2>{p.cards(5, '<div class="small-news"><span class="time">{date}</span><a href="{url}">{title}</a></div>', "{hm} {d}-{month}, {y}", step=2)}</div></div>
<footer>{p.w("rights")} {p.w("address")}</footer>""",
    )


@structure
def president_uz(p):
    return doc(
        p,
        "\n".join(
            [p.head_title("{title}"), '<meta property="og:title" content="' + html.escape(p.site) + '">', METRIKA]
        ),
        f"""
<div class="header_top"><span class="h_date">{p.clock("{d}-{month} {y}, {weekday}")}</span></div><nav class="navbar"><a class="logo" href="/uz"><img src="/themes/president/img/gerb.png" alt=""></a><ul>{p.menu(count=6)}</ul></nav>
<div class="container"><div class="row"><div class="col-md-8"><h2 class="titlenews">{p.t}</h2>{p.trap("no-h1")}<p class="date_text">{p.show("{dd}-{mm}-{y}")}</p>
<div class="news_photo"><img src="/uploads/{p.number}.jpg" alt=""></div>
<div class="block_news_text"><article>
{p.text()}
</article></div><div class="ya-share2">{SHARE}</div></div>
<div class="col-md-4"><div class="last_news"><h4>{p.w("latest")}</h4>{p.cards(5, '<div class="news_one"><p class="date_text">{date}</p><p><a href="{url}">{title}</a></p></div>', "{dd}-{mm}-{y}")}</div></div></div></div>
<footer><p>© {p.fetched.year} {p.site}</p></footer>""",
    )


@structure
def govuz(p):
    p.trap("script-only")
    data = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": p.title,
        "datePublished": p.iso(form="day"),
        "publisher": {"@type": "GovernmentOrganization", "name": p.site},
        "articleBody": "\r\n\r\n".join(p.paragraphs()),
    }
    return doc(
        p,
        "\n".join(
            [
                p.head_title("{title} — {site}"),
                p.og(suffix=" — gov"),
                p.canonical(),
                '<script type="module" src="/_nuxt/entry.js" crossorigin></script>',
                p.jsonld(data),
            ]
        ),
        """
<div id="__nuxt"><div class="app-loader"></div></div><script>window.__NUXT__={};window.__NUXT__.config={public:{baseURL:"https://api-portal.example"},app:{baseURL:"/"}}</script>""",
    )
