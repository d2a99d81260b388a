"""Sites of Azerbaijan."""

import html

from .base import ADS, COUNTER, GTM, METRIKA, SHARE, doc, structure


@structure
def azertac(p):
    p.trap("dateline", "related-first", "font-control", "rights-line")
    return doc(
        p,
        "\n".join([p.head_title("{title} - {site}"), p.og(suffix=f" - {p.site}"), p.canonical(), GTM]),
        f"""
<header><div class="top-line"><div class="container"><span class="today">{p.clock("{Weekday}, {d} {month} {y}")}</span><ul class="langs"><li>AZ</li><li><a href="/en">EN</a></li><li><a href="/ru">RU</a></li><li><a href="/tr">TR</a></li></ul></div></div>
<a class="logo" href="/az"><img src="/img/logo.svg" alt="{p.site}"></a><nav class="main-nav"><ul>{p.menu()}</ul></nav></header>
<div class="breaking-news"><div class="owl-carousel">{p.cards(3, '<div class="item"><span class="date">{date}</span> <a href="{url}">{title}</a></div>', "{dd}.{mm}.{y} [{hm}]")}</div></div>
<div class="container"><div class="row"><div class="col-md-8"><div class="news-inner">
<div class="news-category"><a href="#">{p.section}</a></div>
<div class="news-title"><h1>{p.t}</h1></div>
<div class="news-info"><span class="news-date">{p.show("{dd}.{mm}.{y} [{hm}]")}</span><span class="font-size"><a href="#">A-</a> <a href="#">A+</a></span></div>
<div class="news-image"><img src="/files/gallery/{p.number}.jpg" alt=""></div>
<div class="news-body">
{p.text(first="<b>" + p.dateline + "</b> – {}", c='<div class="gallery-item"><img src="{image}"><span class="gallery-caption">{text}</span></div>')}
<p>&copy; {p.site}. Materiallardan istifadə edərkən hiperlinklə istinad olunmalıdır.</p>
<p>Mətndə səhv varsa, onu qeyd edib ctrl + enter düyməsini basaraq bizə göndərin.</p></div>
<div class="news-tags">{p.each(p.tags, '<a href="#">#{}</a>', " ")}</div><div class="news-share">{SHARE}</div></div>
<div class="other-news"><h3>{p.w("related")}</h3>{p.cards(4, '<div class="news-item"><a href="{url}"><h4>{title}</h4></a><span>{date}</span></div>', "{dd}.{mm}.{y} [{hm}]")}</div></div>
<div class="col-md-4"><div class="feed"><h3>{p.w("latest")}</h3>{p.cards(6, '<div class="feed-item"><span class="feed-time">{date}</span><a href="{url}">{title}</a></div>', "{hm}", step=1)}</div></div></div></div>
<footer><div>{p.w("rights")}</div><div>{p.w("address")}</div></footer>""",
    )


@structure
def report_az(p):
    p.trap("split-date", "latest-in-body", "sister-titles", "related-dates")
    latest = (
        '<div class="latest-in"><div class="latest-in-title">'
        + p.w("latest")
        + "</div>"
        + p.cards(3, '<a href="{url}"><span>{date}</span> {title}</a>', "{hm}", step=1)
        + "</div>"
    )
    return doc(
        p,
        "\n".join([p.head_title("{title} | {site}"), p.og(), p.canonical(), METRIKA]),
        f"""
<div class="header"><div class="header-top"><div class="lang"><a class="active" href="/">Az</a><a href="/ru/">Ru</a><a href="/en/">En</a></div><div class="valyuta">USD 1.7000 EUR 1.9712</div></div><a href="/" class="logo"></a><ul class="menu">{p.menu()}</ul></div>
<div class="tags-line">{p.each(["TDT", "COP30", "Bakı"], '<a href="#">{}</a>', " ")}</div>
<div class="main-content"><div class="selected-news"><div class="news-detail">
<div class="news-detail__category"><a href="#">{p.section}</a></div>
<ul class="news__info"><li>{p.show("{dd} {month}, {y}")}</li><li>{p.show("{hm}")}</li></ul>
<h1 class="section-title">{p.t}</h1>
<div class="image"><img src="/storage/news/{p.number}.jpg" alt="{p.t}"></div>
<div class="news-detail__desc editor-body">
{p.text(a=latest)}
</div><div class="share">{SHARE}</div>
<div class="other-lang"><ul><li><a href="/ru/vneshnyaya-politika/x">Утверждены первые проекты Тюркского инвестиционного фонда</a></li><li><a href="/en/foreign-politics/x">First projects of Turkic Investment Fund approved</a></li></ul></div></div>
<div class="similar"><div class="block-title">{p.w("latest")}</div>{p.cards(5, '<div class="index-post-block"><a href="{url}"><div class="news-title">{title}</div><ul class="news-date"><li>{date}</li></ul></a></div>', "{dd} {month}, {y}")}</div></div></div>
<div class="footer"><p>{p.w("rights")}</p><p>{p.w("address")}</p></div>""",
    )


@structure
def apa(p):
    p.trap("split-date")
    data = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "mainEntityOfPage": p.url,
        "headline": p.title,
        "datePublished": p.iso(),
        "dateModified": p.iso(p.modified),
        "inLanguage": "az",
        "author": {"@type": "Person", "name": p.authors[0]},
        "publisher": {"@type": "Organization", "name": p.site},
    }
    return doc(
        p,
        "\n".join(
            [
                p.head_title("{title} - {site}"),
                p.canonical(),
                p.og(),
                p.jsonld(data),
                '<meta name="csrf-token" content="x">',
            ]
        ),
        f"""
<header class="header"><div class="container"><a class="site-logo" href="/"><svg></svg></a><nav class="header_nav"><ul>{p.menu()}</ul></nav><div class="search_block"><input placeholder="{p.w("search")}"></div></div></header>
<main class="main"><div class="container"><div class="main_content"><div class="content_main news_in">
<div class="breadcrumb_row"><ul><li><a href="/">{p.w("home")}</a></li><li><a href="#">{p.section}</a></li></ul></div>
<h2 class="title_news">{p.t}</h2>{p.trap("no-h1")}
<div class="date_news"><div class="date"><span>{p.show("{hm}")}</span><span>{p.show("{d} {month} {y}")}</span></div><div class="author"><a href="#">{p.authors[0]}</a></div><div class="share_top">{SHARE}</div></div>
<div class="main_img"><img src="/storage/news/2026/february/21/{p.number}.jpg" alt=""></div>
<div class="texts mb-site"><div class="news_content">
{p.text(r='<div class="news_in_link"><span>{label}</span><a href="{url}"><img src="/t.jpg"><b>{title}</b></a></div>')}
</div></div><div class="links_block">{p.each(p.tags, '<a href="#">#{}</a>', " ")}</div>
<div class="banner_in">{ADS}</div></div>
<div class="content_other"><div class="block_title"><h3>{p.w("related")}</h3></div><div class="four_columns_block">
{p.cards(4, '<a class="item" href="{url}"><div class="info"><div class="date"><span>1{n}:2{n}</span><span>{date}</span></div><h4 class="title">{title}</h4></div></a>', "{d} {month} {y}")}</div></div></div>
<aside class="sidebar"><div class="sidebar_list"><h3>{p.w("latest")}</h3>{p.cards(6, '<a href="{url}"><span class="time">{date}</span><p>{title}</p></a>', "{hm}", step=1)}</div></aside></div></main>
<footer class="footer"><div class="container"><p>{p.w("rights")}</p></div></footer>
<div class="cookie_bar">{p.w("cookies")} <button>{p.w("cookies_ok")}</button></div>""",
    )


@structure
def trend(p):
    p.trap("year-inferred", "dateline")
    shown = p.show("{dd} {Month} {hm}") + " (UTC+04)"
    return doc(
        p,
        "\n".join(
            [
                p.head_title("{title}"),
                '<meta name="robots" content="noindex, follow">',
                '<link rel="stylesheet" media="print" href="/static/print.css">',
            ]
        ),
        f"""
<div class="print-header"><img src="/logo-print.png" alt="{p.site}"><p>{p.url}</p></div>
<div class="article-header article-paddings"><span class="category">{p.section}</span> <span class="date-time">{shown}</span></div>
<h1>{p.t}</h1>
<div class="article-content article-paddings">
{p.text(first="<strong>" + p.dateline + ", " + p.authors[0] + ":</strong> {}")}
<p class="disclaimer">{p.w("telegram")}: <a href="https://t.me.example/kaspipress">@kaspipress</a></p></div>
<div class="print-footer"><p>{p.site} © {p.w("print")}</p></div><script>window.print();</script>""",
    )


@structure
def metbuat(p):
    ago = "3 saat əvvəl"
    p.trap("relative")
    p.evidence.append(ago)
    return doc(
        p,
        "\n".join(
            [
                p.head_title("{title} - {site}"),
                f'<meta name="title" content="{html.escape(p.title)}">',
                p.og(suffix=" » Mətbuatlar"),
                ADS,
            ]
        ),
        f"""
<div class="navbar navbar-default navbar-fixed-top"><div class="container"><a class="navbar-brand" href="/">{p.site}</a><ul class="nav navbar-nav">{p.menu()}</ul></div></div>
<div class="container main"><div class="row"><div class="col-lg-8 col-md-8 col-sm-12 news_in"><div class="panel panel-default"><div class="panel-body">
<h1 class="news_in_header">{p.t}</h1>
<div class="news_in_info"><ul class="list-inline"><li><i class="fa fa-clock-o"></i> {ago}</li><li><i class="fa fa-eye"></i> 2901</li><li><a href="#">{p.section}</a></li></ul></div>
<div class="news_in_photo"><img class="img-responsive" src="/photos/{p.number}.jpg" alt=""></div>
<div class="news_in_body" id="news_text"><article>
{p.text()}
</article></div>
<div class="likely">{SHARE}</div></div></div>
<div class="row more_news">{p.cards(6, '<div class="col-sm-4"><a href="{url}" class="thumbnail"><img src="{image}" alt=""><h4>{title}</h4><small>{date}</small></a></div>', "{d} {month} {y} {hm}", step=26)}</div></div>
<div class="col-lg-4 sidebar"><div class="list-group"><div class="list-group-item active">{p.w("popular")}</div>{p.cards(5, '<a class="list-group-item" href="{url}"><span class="badge">{n}0{n}</span>{title}</a>')}</div></div></div></div>
<footer>{p.w("rights")} {COUNTER}</footer>""",
    )


@structure
def president_az(p):
    hidden = (
        '<div id="print-version" style="display:none"><h2>'
        + p.t
        + "</h2>"
        + "".join(f"<p>{p.inline(text)}</p>" for kind, text in p.body if kind in "PHQ")
        + "</div>"
    )
    p.trap("hidden-copy", "no-h1", "long")
    return doc(
        p,
        "\n".join([p.head_title("{site} - {title}"), p.canonical()]),
        f"""
<div id="wrap"><div class="head"><a href="/az"><img src="/images/gerb.png" alt="{p.site}"></a><div class="site-name">{p.site}</div><div class="lang-sel"><a href="/az">AZ</a> <a href="/en">EN</a> <a href="/ru">RU</a></div></div>
<div class="nav-line"><ul>{p.menu(count=6)}</ul></div>
<div class="inner-cols"><div class="col-left"><h4>{p.section}</h4><ul class="sub-menu">{p.each(["Prezident", "Konstitusiya", "Fərmanlar", "Sərəncamlar", "Çıxışlar"], '<li><a href="#">{}</a></li>')}</ul></div>
<div class="col-main"><div class="news-view"><div class="news-view-title">{p.t}</div><div class="news-view-date">{p.show("{d} {month} {y}, {hm}")}</div>
<div class="news-photos"><ul>{p.each(["1", "2", "3"], '<li><img src="/media/{}.jpg"></li>')}</ul></div>
<div class="news-view-text">
{p.text(p="<p>{}</p>", h="<p><strong>{}</strong></p>")}
</div>{hidden}
<div class="news-tools"><a href="#">{p.w("print")}</a> {SHARE}</div></div>
<div class="related-box"><h3>{p.w("latest")}</h3>{p.cards(4, '<div class="rb"><span>{date}</span><a href="{url}">{title}</a></div>', "{d} {month} {y}, {hm}")}</div></div></div>
<div class="bottom">© {p.fetched.year} {p.site}</div></div>""",
    )


@structure
def turkpa(p):
    return doc(
        p,
        '<title>TURKPA</title>\n<link href="/css/style.css" rel="stylesheet">',
        f"""
<div class="all"><div class="header"><div class="logo"><a href="/az">TÜRKPA</a></div><div class="menu"><ul>{p.menu(count=6)}</ul></div><div class="langs"><a href="/en/">EN</a> | <a href="/az/">AZ</a> | <a href="/tr/">TR</a> | <a href="/ru/">RU</a></div></div>
<div class="content"><div class="left"><ul class="left_menu">{p.each(["Haqqımızda", "Sənədlər", "Plenar sessiyalar", "Komissiyalar", "Seçki müşahidəsi"], '<li><a href="#">{}</a></li>')}</ul></div>
<div class="center"><div class="head">{p.section}</div><div class="content_title">{p.t}</div>{p.trap("no-h1")}
<div class="content_text"><img src="/uploads/{p.number}.jpg" align="left" hspace="10" />
{p.text(ul=("<ul type='disc'>", "<li>{}</li>", "</ul>"))}
</div><div class="pages"><a href="#">1</a> <b>2</b> <a href="#">3</a></div>{p.trap("pagination")}</div>
<div class="right"><div class="head">{p.w("latest")}</div>{p.cards(4, '<div class="rnews"><div class="rdate">{date}</div><a href="{url}">{title}</a></div>')}</div></div>
<div class="footer">© 2008 - {p.fetched.year} TURKPA. Bakı, Şıxəli Qurbanov küç., 6</div></div>""",
        doctype='<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd">',
    )


@structure
def october_az(p):
    p.trap("lead-repeat", "no-h1")
    return doc(
        p,
        "\n".join(
            [
                p.head_title("{title} | {section} | {site}"),
                p.canonical(),
                p.og(title=p.title.split(" Ber")[0] + "..."),
                '<script src="/modules/system/assets/js/framework.combined-min.js"></script>',
            ]
        ),
        f"""
<header class="hd"><div class="container d-flex"><a href="/" class="hd-logo"><img src="/themes/diaspor/assets/logo.svg" alt=""></a><ul class="hd-menu">{p.menu(count=6)}</ul></div></header>
<section class="inner-page"><div class="container"><nav class="crumbs"><a href="/">{p.w("home")}</a> / <a href="#">{p.section}</a></nav>
<div class="row"><div class="col-xl-9"><div class="news-detail-card"><h3 class="news-detail-title">{p.t}</h3>
<div class="news-detail-meta"><span><img src="/themes/diaspor/assets/cal.svg" alt=""> {p.show("{dd}.{mm}.{y}")}</span><span>{p.w("views")}: 188</span></div>
<div class="news-short"><p>{p.inline(p.lead)}</p></div>
<div class="news-detail-img"><img src="/storage/app/media/{p.number}.jpg" alt=""></div>
<div class="news-detail-text">
{p.text(lead="<p>{}</p>", q='<p style="padding-left:30px"><em>{}</em></p>')}
</div></div>
<div class="swiper gallery">{p.each(["a", "b"], '<div class="swiper-slide"><img src="/storage/{}.jpg" alt=""></div>')}</div></div>
<div class="col-xl-3"><div class="aside-news"><h5>{p.w("latest")}</h5>{p.cards(4, '<a class="aside-item" href="{url}"><span class="aside-date">{date}</span><span class="aside-title">{title}</span><span class="aside-lead">{lead}</span></a>')}</div></div></div></div></section>
<footer class="ft"><div class="container">{p.w("rights")}</div></footer>""",
    )


@structure
def meclis_table(p):
    p.trap("layout-table", "no-h1")
    return doc(
        p,
        "\n".join(
            [
                f'<meta http-equiv="Content-Type" content="text/html; charset={p.charset}">',
                "<title>Milli Məclis</title>",
                '<style type="text/css">td.news{font-family:Verdana;font-size:11px}</style>',
            ]
        ),
        f"""
<table width="1000" border="0" align="center" cellpadding="0" cellspacing="0"><tr><td colspan="3" background="images/top.jpg" height="120"><table width="100%"><tr><td><img src="images/logo.gif"></td><td align="right" class="clock">{p.clock("{d} {month} {y}, {weekday}")}</td></tr></table></td></tr>
<tr><td colspan="3" bgcolor="#003366"><table><tr>{p.menu('<td class="m"><a href="#">{}</a></td>', 6)}</tr></table></td></tr>
<tr><td width="200" valign="top"><table width="100%">{p.each(["Rəhbərlik", "Deputatlar", "Komitələr", "Qanunlar", "Arxiv"], '<tr><td class="lm"><a href="#">{}</a></td></tr>')}</table></td>
<td valign="top"><table width="100%" cellpadding="6"><tr><td class="news"><font size="3" color="#003366"><b>{p.t}</b></font></td></tr>
<tr><td class="news" align="right"><i>{p.show("{yci} il {d} {month}")}</i></td></tr>
<tr><td class="news" align="justify"><img src="images/news/{p.number}.jpg" align="left" vspace="4" hspace="8">
{p.text(p='<p align="justify">{}</p>')}
</td></tr><tr><td class="news"><a href="javascript:window.print()">{p.w("print")}</a> | <a href="news.php">{p.w("all")}</a></td></tr></table></td>
<td width="190" valign="top"><table width="100%"><tr><td class="rb"><b>{p.w("latest")}</b></td></tr>{p.cards(4, '<tr><td class="rb"><i>{date}</i><br><a href="{url}">{title}</a></td></tr>')}</table></td></tr>
<tr><td colspan="3" align="center" class="foot">{p.w("rights")}</td></tr></table>""",
        doctype='<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01 Transitional//EN" "http://www.w3.org/TR/html4/loose.dtd">',
        charset=None,
        body_attributes=' bgcolor="#ffffff" topmargin="0"',
    )


@structure
def onenews(p):
    p.trap("lead-repeat")
    return doc(
        p,
        "\n".join([p.head_title("{title} » {site} | {section}"), p.canonical(), p.og(suffix=" | 1x"), COUNTER]),
        f"""
<div class="mainHeader"><a class="logo" href="/az/">{p.site}</a><div class="topMenu">{p.menu('<a href="#">{}</a>')}</div></div>
<div class="page"><div class="bdr sectionText"><div class="rubric"><a href="#">{p.section}</a></div>
<h1 class="newsTitle">{p.t}</h1><div class="announce"><b>{p.inline(p.lead)}</b></div>
<img class="imgMain" src="/images/{p.number}.jpg" alt="" />
<div class="text">
{p.text(lead="<p>{}</p>", c='<p class="imgNote"><img src="{image}" /><br /><i>{text}</i></p>')}
<div class="insertion">{ADS}</div></div>
<div class="socials">{SHARE}</div><div class="bottomTools"><span>{p.w("mistake")}</span></div></div>
<div class="lenta"><h3>{p.w("latest")}</h3>{p.cards(7, '<div class="lentaItem"><span class="time">{date}</span><a href="{url}">{title}</a></div>', "{hm}", step=1)}</div></div>
<div class="mainFooter">{p.w("rights")}</div>""",
    )


@structure
def spa_jsonld(p):
    p.trap("script-only")
    data = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": p.title,
        "inLanguage": "az",
        "datePublished": p.iso(form="utc"),
        "dateModified": p.iso(p.modified, "utc"),
        "author": [{"@type": "Person", "name": name} for name in p.authors],
        "publisher": {"@type": "Organization", "name": p.site, "logo": {"@type": "ImageObject", "url": "/logo.png"}},
        "description": p.paragraphs()[0][:120],
        "articleBody": "\n\n".join(p.paragraphs()),
    }
    return doc(
        p,
        "\n".join(
            [
                p.head_title("{title} | {site}"),
                p.og(suffix=f" | {p.site}"),
                p.canonical(),
                p.jsonld(data),
                '<link rel="preload" as="script" href="/assets/index-4f2c.js">',
            ]
        ),
        f"""
<noscript><strong>{p.site} JavaScript olmadan düzgün işləmir. Davam etmək üçün onu aktiv edin.</strong></noscript>
<div id="app"></div><script type="module" src="/assets/index-4f2c.js"></script>
<div id="cookie"><p>{p.w("cookies")}</p></div>""",
    )


@structure
def day_az(p):
    p.trap("caps-h1", "foreign-og")
    upper = html.escape(p.title.replace("i", "İ").upper(), quote=False)
    return doc(
        p,
        "\n".join(
            [
                p.head_title("{title} - {section} - {site}"),
                p.og(title="Неделя кино тюркского мира начнется в Гяндже", suffix=" - Gün.Az"),
                p.canonical(),
                METRIKA,
            ]
        ),
        f"""
<header><div class="top-panel"><div class="date-now">{p.clock("{d} {Month} {y} / {hm}")}</div><div class="weather">Bakı +21</div></div><a href="/" class="logo">{p.site}</a><nav>{p.menu('<a href="#">{}</a>')}</nav></header>
<main><section class="left"><article class="article"><header class="article-head"><div class="crumbs"><a href="/">{p.site}</a> <a href="#">{p.section}</a></div>
<h1>{upper}</h1><time class="date" datetime="{p.iso()}">{p.show("{d} {month} {y}, {hm}")} (UTC+04)</time></header>
<figure><img src="/thumb/{p.number}.jpg" alt=""><figcaption>{p.w("photo")}: {p.site}</figcaption></figure>{p.trap("caption")}
<div class="article-text">
{p.text(r='<aside class="read"><b>{label}</b><a href="{url}">{title}</a></aside>')}
</div><div class="soc">{SHARE}</div></article>
<div class="also"><h2>{p.w("related")}</h2>{p.cards(3, '<div class="a-item"><time datetime="{iso}">{date}</time><a href="{url}">{title}</a><p>{lead}</p></div>', "{d} {month} {y}, {hm}")}</div></section>
<aside class="right"><h2>{p.w("popular")}</h2>{p.cards(5, '<div><a href="{url}">{title}</a></div>')}</aside></main>
<footer><p>{p.w("rights")}</p></footer>""",
    )
