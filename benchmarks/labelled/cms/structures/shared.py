"""Structures that stand on sites of several countries: WordPress themes, Bitrix, Joomla, Drupal, DLE, Pangea, ..."""

import html

from .base import ADS, COUNTER, GTM, METRIKA, SHARE, doc, structure


@structure
def wp_newspaper(p):
    graph = {
        "@context": "https://schema.org",
        "@graph": [
            {"@type": "WebSite", "name": p.site, "url": f"https://{p.host}/"},
            {
                "@type": "Article",
                "headline": p.title,
                "datePublished": p.iso(form="utc0"),
                "dateModified": p.iso(p.modified, "utc0"),
                "author": {"@type": "Person", "name": (p.authors or ["admin"])[0]},
                "publisher": {"@type": "Organization", "name": p.site},
            },
            {"@type": "BreadcrumbList", "itemListElement": [{"@type": "ListItem", "position": 1, "name": p.section}]},
        ],
    }
    shown = p.show("{dd}.{mm}.{y}") if "dayshown" in p.opt else p.show("{dd}.{mm}.{y} | {hm}")
    author = (
        (
            f'<div class="td-post-author-name"><div class="td-author-by">{p.w("author")}</div> '
            f'<a href="#">{p.authors[0]}</a><div class="td-author-line"> - </div></div>'
        )
        if p.authors
        else ""
    )
    box = (
        (
            f'<div class="author-box-wrap td-author-box"><div class="desc"><div class="td-author-name vcard author">'
            f'<span class="fn"><a href="#">{p.authors[0]}</a></span></div></div></div>' + p.trap("author-box")
        )
        if "authorbox" in p.opt
        else ""
    )
    top = (
        (
            f'<div class="td-trending-now-wrapper"><div class="td-trending-now-title">{p.w("latest")}</div>'
            + p.cards(
                3,
                '<div class="td_module_trending_now"><h3 class="entry-title td-module-title"><a href="{url}">'
                '{title}</a></h3><time class="entry-date updated td-module-date" datetime="{iso}">{date}</time></div>',
            )
            + "</div>"
            + p.trap("related-first")
        )
        if "toplist" in p.opt
        else ""
    )
    second = (
        p.second(
            '<div class="td-ajax-next-post"><article class="post type-post"><header><h1 class="entry-title">{title}'
            '</h1><span class="td-post-date"><time class="entry-date updated td-module-date" datetime="{iso}">'
            '{date}</time></span></header><div class="td-post-content tagdiv-type">{text}</div></article></div>'
        )
        if "second" in p.opt
        else ""
    )
    return doc(
        p,
        "\n".join(
            [
                p.head_title("{title} - {site}"),
                p.canonical(),
                p.og(suffix=f" - {p.site}"),
                f'<meta property="article:published_time" content="{p.iso(form="utc0")}">',
                f'<meta property="article:modified_time" content="{p.iso(p.modified, "utc0")}">',
                p.jsonld(graph),
                "<style>.td-module-title a{color:#111}</style>",
                GTM,
            ]
        ),
        f"""
<div id="td-outer-wrap" class="td-theme-wrap">
<div class="td-header-wrap td-header-style-1">
 <div class="td-header-top-menu"><div class="td-header-sp-top-menu"><div class="td_data_time"><div>{
            p.clock("{Weekday}, {Month} {d}, {y}")
        }</div></div></div></div>
 <div class="td-header-sp-logo"><a class="td-main-logo" href="/">{p.site}</a></div>
 <div class="td-header-menu-wrap"><ul id="menu-main" class="sf-menu">{
            p.menu('<li class="menu-item"><a href="#">{}</a></li>')
        }</ul></div>
</div>{top}
<div class="td-main-content-wrap td-container-wrap"><div class="td-container td-post-template-default">
 <div class="td-crumb-container"><div class="entry-crumbs"><span><a class="entry-crumb" href="/">{
            p.w("home")
        }</a></span> <i class="td-icon-right td-bread-sep"></i> <span><a class="entry-crumb" href="#">{
            p.section
        }</a></span></div></div>
 <div class="td-pb-row"><div class="td-pb-span8 td-main-content" role="main"><div class="td-ss-main-content">
  <article id="post-{p.number}" class="post-{p.number} post type-post status-publish format-standard hentry">
   <div class="td-post-header"><ul class="td-category"><li class="entry-category"><a href="#">{p.section}</a></li></ul>
    <header class="td-post-title"><h1 class="entry-title">{p.t}</h1>
     <div class="td-module-meta-info">{
            author
        }<span class="td-post-date"><time class="entry-date updated td-module-date" datetime="{p.iso()}">{
            shown
        }</time></span><div class="td-post-views"><i class="td-icon-views"></i><span class="td-nr-views-{
            p.number
        }">1 284</span></div></div></header></div>
   <div class="td-post-sharing td-post-sharing-top">{SHARE}</div>
   <div class="td-post-content tagdiv-type">
{
            p.text(
                r='<div class="td-a-rec"><p><strong>{label}:</strong> <a href="{url}">{title}</a></p></div>',
                c='<figure class="wp-caption aligncenter"><img src="{image}" alt=""><figcaption class="wp-caption-text">{text}</figcaption></figure>',
            )
        }
    <div class="td-a-rec td-a-rec-id-content_bottom">{ADS}</div>
   </div>
   <footer><div class="td-post-source-tags"><ul class="td-tags td-post-small-box clearfix"><li><span>{
            p.w("tags")
        }</span></li>{p.each(p.tags, '<li><a href="#">{}</a></li>')}</ul></div>
    <div class="td-block-row td-post-next-prev"><div class="td-post-next-prev-content"><span>{
            p.w("prev")
        }</span><a href="#">{p.items(1)[0].title}</a></div></div>{box}</footer>
  </article>
  <div class="td_block_wrap td_block_related_posts"><h4 class="td-related-title"><a class="td-related-left">{
            p.w("related")
        }</a></h4>
{
            p.cards(
                3,
                '<div class="td_module_related_posts"><div class="item-details"><h3 class="entry-title td-module-title"><a href="{url}" rel="bookmark">{title}</a></h3><div class="td-excerpt">{lead}</div><time class="entry-date updated td-module-date" datetime="{iso}">{date}</time></div></div>',
            )
        }
  </div>{second}
 </div></div>
 <div class="td-pb-span4 td-main-sidebar"><aside class="td_block_template_1 widget"><h4 class="block-title"><span>{
            p.w("popular")
        }</span></h4>
{
            p.cards(
                4,
                '<div class="td_module_6"><h3 class="entry-title td-module-title"><a href="{url}">{title}</a></h3><span class="td-post-date">{date}</span></div>',
                kind="popular-dates",
                step=19,
            )
        }
 </aside></div></div></div></div>
<div class="td-footer-wrapper"><div class="footer-text-wrap">{
            p.w("address")
        }</div></div><div class="td-sub-footer-copy">{p.w("rights")}</div></div>""",
        attributes=' prefix="og: https://ogp.me/ns#"',
        body_attributes=' class="single single-post td-standard-pack"',
    )


@structure
def wp_jnews(p):
    p.trap("related-dates", "utc-day")
    p.trap("dropcap")
    body = p.text(
        r='<div class="jnews_inline_related_post_wrapper right"><div class="jnews_inline_related_post"><div class="jeg_postblock_28">'
        '<h3 class="jeg_block_title"><span>{label}</span></h3><h3 class="jeg_post_title"><a href="{url}">{title}</a></h3></div></div></div>'
    )
    letter = p.body[1][1][0]
    body = body.replace("<p>" + html.escape(letter), f'<p><span class="dropcap">{letter}</span>', 1)
    return doc(
        p,
        "\n".join(
            [
                p.head_title("{title} | {section} | {site}"),
                p.canonical(),
                p.og(),
                f'<meta property="article:published_time" content="{p.iso(form="utc0")}">',
                f'<meta property="article:modified_time" content="{p.iso(p.modified, "utc0")}">',
                f'<meta property="og:updated_time" content="{p.iso(p.modified, "utc0")}">',
                GTM,
            ]
        ),
        f"""
<div class="jeg_viewport"><div class="jeg_header_wrapper"><div class="jeg_topbar"><div class="jeg_top_date">{p.clock("{Weekday}, {Month} {d}, {y}")}</div></div>
<div class="jeg_logo"><a href="/">{p.site}</a></div><ul class="jeg_menu jeg_main_menu">{p.menu()}</ul></div>
<div class="post-wrapper"><div class="post-wrap"><div class="jeg_main"><div class="jeg_container"><div class="jeg_content jeg_singlepage"><div class="container">
<div class="jeg_ad jeg_article jnews_article_top_ads">{ADS}</div>
<div class="jeg_breadcrumbs jeg_breadcrumb_container"><div id="breadcrumbs"><span><a href="/">{p.w("home")}</a></span> <i class="fa fa-angle-right"></i> <span class="breadcrumb_last_link"><a href="#">{p.section}</a></span></div></div>
<div class="entry-header"><h1 class="jeg_post_title">{p.t}</h1><h2 class="jeg_post_subtitle">{p.inline(p.lead)}</h2>{p.trap("lead-apart")}
<div class="jeg_meta_container"><div class="jeg_post_meta jeg_post_meta_1"><div class="meta_left"><div class="jeg_meta_author"><span class="meta_text">{p.w("author")}</span> <a href="#">{p.authors[0]}</a></div><div class="jeg_meta_date"><a href="#">{p.show("{Month} {d}, {y}")}</a></div></div><div class="meta_right"><div class="jeg_meta_comment"><a href="#comments">0</a></div></div></div></div></div>
<div class="row"><div class="jeg_main_content col-md-8"><div class="jeg_inner_content"><div class="jeg_featured featured_image"><div class="thumbnail-container animate-lazy"><img data-src="/wp-content/uploads/{p.number}.jpg" alt=""></div></div>
<div class="jeg_share_top_container"><div class="jeg_share_stats"><div class="jeg_share_count"><div class="counts">0</div></div></div>{SHARE}</div>
<div class="entry-content no-share"><div class="content-inner">
{body}
<div class="jeg_post_tags"><span>{p.w("tags")}:</span> {p.each(p.tags, '<a href="#" rel="tag">{}</a>', " ")}</div></div></div>
<div class="jnews_prev_next_container"><div class="jeg_prevnext_post"><a href="#" class="post prev-post"><span class="caption">{p.w("prev")}</span><h3 class="post-title">{p.items(1)[0].title}</h3></a></div></div>
<div class="jnews_related_post_container"><div class="jeg_postblock_21"><h3 class="jeg_block_title">{p.w("related")}</h3>
{p.cards(3, '<article class="jeg_post jeg_pl_sm"><div class="jeg_postblock_content"><h3 class="jeg_post_title"><a href="{url}">{title}</a></h3><div class="jeg_post_meta"><div class="jeg_meta_date"><a href="{url}"><i class="fa fa-clock-o"></i> {date}</a></div></div></div></article>', "{Month} {d}, {y}")}
</div></div></div></div>
<div class="jeg_sidebar col-md-4"><div class="widget widget_jnews_popular"><h3>{p.w("popular")}</h3>
{p.cards(4, '<div class="jeg_post jeg_pl_md_box"><h3 class="jeg_post_title"><a href="{url}">{title}</a></h3><span class="jeg_meta_share">{n}k</span></div>')}</div>
<div class="widget jeg_newsletter"><p>{p.w("newsletter")}</p><button>{p.w("subscribe")}</button></div></div></div></div></div></div></div></div></div>
<div class="footer-holder"><div class="jeg_footer_bottom">{p.w("rights")}</div></div></div>""",
        body_attributes=' class="post-template-default single single-post wp-embed-responsive jeg_toggle_light jnews"',
    )


@structure
def wp_jannah(p):
    render = "rendermeta" in p.opt
    moment = p.local(p.fetched) if render else p.date
    if render:
        p.trap("render-meta")
    data = {
        "@context": "http://schema.org",
        "@type": "NewsArticle",
        "headline": p.title,
        "dateCreated": p.iso(moment, "utc0"),
        "datePublished": p.iso(moment, "utc0"),
        "dateModified": p.iso(moment, "utc0"),
        "articleSection": p.section,
        "publisher": {"@id": "#Publisher", "@type": "Organization", "name": p.site},
        "author": {"@type": "Person", "name": p.authors[0]},
        "image": {"@type": "ImageObject", "url": "/i.jpg"},
    }
    if "ago" in p.opt:
        p.trap("relative")
        p.evidence.append(f"{p.opt['ago']} kun oldin")
        shown = f"{p.opt['ago']} kun oldin"
    else:
        shown = p.show("{d} {Month}, {y}")
    return doc(
        p,
        "\n".join([p.head_title("{title} – {site}"), p.canonical(), p.og(suffix=f" – {p.site}"), METRIKA]),
        f"""
<div class="background-overlay"><div id="tie-container" class="site tie-container"><div id="tie-wrapper">
<header id="theme-header" class="theme-header"><div class="topbar-wrapper"><div class="topbar-today-date">{p.clock("{Weekday}, {Month} {d} {y}")}</div>
<div class="breaking"><span class="breaking-title">{p.w("latest")}</span><ul>{p.cards(2, '<li class="news-item"><a href="{url}">{title}</a></li>')}</ul></div></div>
<div class="logo-container"><h1 class="h1-off"><a class="logo-anchor" href="/">{p.site}</a></h1></div><nav id="main-nav"><ul class="menu">{p.menu('<li class="menu-item"><a href="#">{}</a></li>')}</ul></nav></header>
<div id="content" class="site-content container"><div id="main-content-row" class="tie-row main-content-row"><div class="main-content tie-col-md-8" role="main">
<article id="the-post" class="container-wrapper post-content tie-standard">
<header class="entry-header-outer"><nav id="breadcrumb"><a href="/"><span class="tie-icon-home"></span> {p.w("home")}</a><em class="delimiter">/</em><a href="#">{p.section}</a><em class="delimiter">/</em><span class="current">{p.t}</span></nav>
<div class="entry-header"><span class="post-cat-wrap"><a class="post-cat" href="#">{p.section}</a></span><h1 class="post-title entry-title">{p.t}</h1>
<div class="single-post-meta post-meta clearfix"><span class="author-meta single-author no-avatars"><span class="meta-item meta-author-wrapper"><span class="meta-author"><a href="#" class="author-name tie-icon">{p.authors[0]}</a></span></span></span><span class="date meta-item tie-icon">{shown}</span><div class="tie-alignright"><span class="meta-comment tie-icon meta-item">0</span><span class="meta-views meta-item">318</span><span class="meta-reading-time meta-item">2 {p.w("min_read")}</span></div></div></div></header>
<div class="featured-area"><div class="featured-area-inner"><figure class="single-featured-image"><img src="/f.jpg" alt=""><figcaption class="single-caption-text"><span class="tie-icon-camera"></span> {p.w("photo")}: {p.site}</figcaption></figure></div></div>
<div class="entry-content entry clearfix"><div class="stream-item stream-item-above-post-content">{ADS}</div>
{p.text(r='<div id="inline-related-post" class="mag-box mini-posts-box content-only"><div class="container-wrapper"><div class="widget-title"><div class="the-subtitle">{label}</div></div><ul class="posts-items"><li class="widget-single-post-item"><a class="post-title" href="{url}">{title}</a><span class="date">' + p.fmt("{dd}.{mm}.{y}", p.local(p.fetched)) + "</span></li></ul></div></div>")}
<div class="post-bottom-meta post-bottom-tags"><div class="post-bottom-meta-title"><span class="tie-icon-tags"></span> {p.w("tags")}</div><span class="tagcloud">{p.each(p.tags, '<a href="#" rel="tag">{}</a>', " ")}</span></div></div>
<div class="toggle-post-content clearfix"></div>{p.jsonld(data)}
<div id="share-buttons-bottom" class="share-buttons">{SHARE}</div></article>
<div class="post-components"><div class="about-author container-wrapper"><div class="author-info"><h3 class="author-name"><a href="#">{p.authors[0]}</a></h3><div class="author-bio">{p.site} – {p.w("author")}</div>{p.trap("author-box")}</div></div>
<div id="related-posts" class="container-wrapper"><div class="mag-box-title the-global-title"><h3>{p.w("related")}</h3></div><div class="related-posts-list">
{p.cards(3, '<div class="related-item tie-standard"><h3 class="post-title"><a href="{url}">{title}</a></h3><div class="post-meta clearfix"><span class="date meta-item tie-icon">{date}</span></div></div>', "{d} {Month}, {y}")}</div></div>
<div id="comments" class="comments-area"><h3 id="comments-title">{p.w("comments")}</h3><ol class="comment-list">
{p.comments('<li class="comment"><article class="comment-body"><footer class="comment-meta"><b class="fn">{name}</b><div class="comment-metadata"><time datetime="{iso}">{date}</time></div></footer><div class="comment-content"><p>{text}</p></div></article></li>')}
</ol></div></div></div>
<aside class="sidebar tie-col-md-4"><div class="container-wrapper widget posts-list"><div class="widget-title">{p.w("popular")}</div><ul>
{p.cards(4, '<li class="widget-single-post-item"><a class="post-title" href="{url}">{title}</a><div class="post-meta"><span class="date">{date}</span></div></li>', "{d} {Month}, {y}", kind="popular-dates")}</ul></div></aside></div></div>
<footer id="footer" class="site-footer"><div class="copyright-text">{p.w("rights")}</div></footer></div></div></div>""",
        body_attributes=' id="tie-body" class="post-template-default single single-post"',
    )


@structure
def wp_generatepress(p):
    weekday = p.fmt("{Weekday}", p.local(p.fetched))
    p.trap("author-box")
    return doc(
        p,
        "\n".join(
            [
                p.head_title("{title} - {site}"),
                p.canonical(),
                '<link rel="stylesheet" href="/wp-content/themes/generatepress/style.min.css">',
                '<meta name="generator" content="WordPress 6.4.3">',
            ]
        ),
        f"""
<a class="screen-reader-text skip-link" href="#content">{p.w("home")}</a>
<header class="site-header" id="masthead"><div class="inside-header grid-container"><div class="site-branding"><p class="main-title"><a href="/" rel="home">{p.site}</a></p><p class="site-description">{p.w("telegram")}</p></div></div></header>
<nav class="main-navigation" id="site-navigation"><div class="inside-navigation"><ul class="menu sf-menu">{p.menu(count=5)}</ul></div></nav>
<div class="site grid-container container" id="page"><div class="site-content" id="content"><div class="content-area" id="primary"><main class="site-main" id="main">
<article id="post-{p.number}" class="post-{p.number} post type-post status-publish format-standard hentry"><div class="inside-article">
<header class="entry-header"><h1 class="entry-title" itemprop="headline">{p.t}</h1><div class="entry-meta"><span class="posted-on">{weekday}</span> <span class="byline">{p.w("author")}: <span class="author vcard"><a class="url fn n" href="#"><span class="author-name">{p.authors[0]}</span></a></span></span></div></header>
<div class="entry-content" itemprop="text">
{p.text(r='<blockquote class="wp-block-quote read-also"><p>{label}: <a href="{url}">{title}</a></p></blockquote>')}
<div class="sharedaddy sd-sharing-enabled"><h3 class="sd-title">{p.w("share")}:</h3>{SHARE}</div></div>
<footer class="entry-meta"><span class="cat-links">{p.section}</span><nav id="nav-below" class="post-navigation"><div class="nav-previous"><span class="prev"><a href="#">{p.items(1)[0].title}</a></span></div><div class="nav-next"><span class="next"><a href="#">{p.items(1)[0].title}</a></span></div></nav></footer></div></article>
<div class="author-box"><div class="author-info"><div class="author-title">{p.authors[0]}</div><p>{p.site}. {p.w("telegram")}.</p></div></div></main></div>
<div class="widget-area sidebar is-right-sidebar" id="right-sidebar"><div class="inside-right-sidebar"><aside class="widget widget_recent_entries"><h2 class="widget-title">{p.w("latest")}</h2><ul>{p.cards(5, '<li><a href="{url}">{title}</a></li>')}</ul></aside></div></div></div></div>
<div class="site-footer"><footer class="site-info"><div class="copyright-bar"><span class="copyright">{p.w("rights")}</span></div></footer></div>""",
        body_attributes=' class="post-template-default single single-post right-sidebar nav-below-header"',
    )


@structure
def wp_underscores(p):
    graph = {
        "@context": "https://schema.org",
        "@graph": [
            {
                "@type": "NewsArticle",
                "@id": p.url + "#article",
                "headline": p.title,
                "datePublished": p.iso(),
                "dateModified": p.iso(p.modified),
                "author": {"@type": "Person", "name": p.authors[0]},
                "inLanguage": "ky-KG",
            },
            {"@type": "WebPage", "@id": p.url, "name": f"{p.title} - {p.site}", "datePublished": p.iso()},
        ],
    }
    second = p.second(
        '<div class="infinite-wrap"><article class="post hentry"><h2 class="entry-title"><a href="{url}">{title}</a></h2>'
        '<div class="entry-meta"><time class="entry-date published" datetime="{iso}">{date}</time></div>'
        '<div class="entry-content">{text}</div></article></div>'
    )
    return doc(
        p,
        "\n".join([p.head_title("{title} — {site}"), p.canonical(), p.og(suffix=f" — {p.site}"), p.jsonld(graph), GTM]),
        f"""
<div id="page" class="site"><header id="masthead" class="site-header"><div class="kloop-logo"><a href="/"><img src="/logo.svg" alt="{p.site}"></a></div><ul id="primary-menu">{p.menu(count=6)}</ul></header>
<div id="primary" class="content-area"><main id="main" class="site-main"><article id="post-{p.number}" class="post-{p.number} post hentry category-bilim">
<header class="entry-header"><span class="cat"><a href="#">{p.section}</a></span><h1 class="entry-title">{p.t}</h1>
<div class="entry-meta"><span class="author vcard">{p.authors[0]}</span> <span class="posted-on"><a href="{p.url}" rel="bookmark">{p.show("{d}-{month}, {y}")}</a></span></div></header>
<div class="post-thumbnail"><img src="/wp-content/uploads/2025/08/{p.number}.jpg" alt=""></div>
<div class="entry-content">
{p.text()}
<div class="support-box"><p>{p.w("newsletter")}</p><a class="button" href="#">{p.w("subscribe")}</a></div></div>
<footer class="entry-footer"><span class="tags-links">{p.each(p.tags, '<a href="#" rel="tag">#{}</a>', " ")}</span><div class="social">{SHARE}</div></footer></article>
<section class="author-card"><img src="/a.jpg" alt=""><strong>{p.authors[0]}</strong><span>{p.site}</span>{p.trap("author-box")}</section>
<section class="related"><h3>{p.w("related")}</h3>{p.cards(3, '<div class="rel"><a href="{url}"><h4>{title}</h4></a><p>{lead}</p><span class="date">{date}</span></div>', "{d}-{month}, {y}")}</section>
{second}</main></div>
<footer id="colophon" class="site-footer"><div class="site-info">{p.w("rights")}</div></footer></div>""",
        body_attributes=' class="single single-post"',
    )


@structure
def wp_bimber(p):
    ago = "5 sagat öň"
    p.trap("relative")
    p.evidence.append(ago)
    return doc(
        p,
        "\n".join([p.head_title("{title} « {section} « {site}"), p.canonical(), p.og()]),
        f"""
<div class="g1-body-inner"><div id="page"><div class="g1-hb-row"><div class="g1-id"><a class="g1-logo-wrapper" href="/">{p.site}</a></div><nav id="g1-primary-nav"><ul>{p.menu()}</ul></nav></div>
<div class="g1-row g1-row-layout-page g1-row-padding-m"><div class="g1-row-inner"><div class="g1-column g1-column-2of3" id="primary"><div id="content" role="main">
<article id="post-{p.number}" class="entry-tpl-classic post-{p.number} post type-post" itemscope itemtype="http://schema.org/Article"><div class="entry-inner">
<header class="entry-header entry-header-01"><div class="entry-before-title"><p class="entry-categories"><a class="entry-category" href="#">{p.section}</a></p></div><h1 class="g1-mega g1-mega-1st entry-title" itemprop="headline">{p.t}</h1>
<p class="g1-meta g1-meta-m entry-meta entry-meta-m"><span class="entry-meta-wrap"><time class="entry-date">{ago}</time><span class="entry-views"><strong>412</strong> {p.w("views")}</span></span></p></header>
<div class="g1-content-narrow g1-typography-xl entry-content" itemprop="articleBody">
{p.text(r='<div class="bimber-more"><span>{label}</span><a href="{url}">{title}</a></div>')}
</div></div>
<div class="entry-after-content"><p class="entry-tags"><span class="entry-tags-inner">{p.each(p.tags, '<a class="entry-tag" href="#">{}</a>', " ")}</span></p><div class="mashsb-container">{SHARE}</div>
<aside class="g1-related-entries"><h2 class="g1-delta">{p.w("related")}</h2>{p.cards(3, '<article class="entry-tpl-grid"><h3 class="entry-title"><a href="{url}">{title}</a></h3><time class="entry-date" datetime="{iso}">{date}</time></article>', "{d} {month}")}</aside>
<section class="g1-collection"><h2>{p.w("popular")}</h2>{p.cards(3, '<article class="entry-tpl-list"><h3 class="entry-title"><a href="{url}">{title}</a></h3></article>')}</section></div></article></div></div></div></div>
<div class="g1-footer"><p class="g1-footer-text">{p.w("rights")}</p></div></div></div>""",
        body_attributes=' class="single single-post single-format-standard"',
    )


def bitrix_head(p):
    return "\n".join(
        [
            f'<meta http-equiv="Content-Type" content="text/html; charset={p.charset}" />',
            p.head_title("{title}"),
            '<meta name="keywords" content="" />',
            f'<meta name="description" content="{html.escape(p.site)}" />',
            '<link href="/bitrix/cache/css/s1/main/template_styles.css?1600" type="text/css" rel="stylesheet" />',
            "<script type=\"text/javascript\">if(!window.BX)window.BX={message:function(mess){if(typeof mess=='object')for(var i in mess)BX.message[i]=mess[i];return true;}};</script>",
        ]
    )


@structure
def bitrix(p):
    p.trap("br-paragraphs")
    return doc(
        p,
        bitrix_head(p),
        f"""
<div id="panel"></div><div id="wrap"><div id="header"><div class="logo"><a href="/">{p.site}</a></div><div class="lang"><a href="/kk/">KZ</a> <a href="/ru/">RU</a></div></div>
<div class="top-menu"><ul>{p.menu(count=6)}</ul></div>
<div id="workarea"><div class="bx-breadcrumb"><span><a href="/">{p.w("home")}</a></span> &rarr; <span><a href="#">{p.section}</a></span></div>
<h1 id="pagetitle">{p.t}</h1>
<div class="news-detail"><img class="detail_picture" border="0" src="/upload/iblock/{p.number}.jpg" width="400" height="267" alt="" title="" />
<span class="news-date-time">{p.show("{dd}.{mm}.{y} {hm}:{s}")}</span>
<h3>{p.t}</h3>
{p.text(p="{}", glue="<br />" + chr(10) + "<br />" + chr(10))}
<div style="clear:both"></div><br />{p.w("views")}: 512<br /><div class="news-detail-share"><noindex>{SHARE}</noindex></div></div>
<p><a href="/kk/press/news/">{p.w("all")}</a></p></div>
<div id="sidebar"><div class="content-block"><h3>{p.w("latest")}</h3><div class="news-list">
{p.cards(4, '<p class="news-item"><span class="news-date-time">{date}</span> <a href="{url}"><b>{title}</b></a><br />{lead}</p>')}
<font class="text">1 - 4 / 812</font></div></div></div>{p.trap("pagination")}
<div id="footer"><div id="copyright">{p.w("rights")}</div><div>{p.w("address")}</div></div></div>""",
        doctype='<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">',
        charset=None,
    )


@structure
def bitrix_news(p):
    p.trap("indent-spaces", "byline-end", "mast-clock")
    return doc(
        p,
        bitrix_head(p),
        f"""
<header class="xs-header"><div class="xs-date">{p.clock("{y} йил {d} {month}, {weekday}")}</div><a class="xs-logo" href="/"><img src="/local/templates/xs/logo.png" alt="{p.site}"></a>
<nav>{p.menu('<a href="#">{}</a>')}</nav></header>
<div class="container"><div class="row"><div class="col-lg-9"><section class="post-single">
<div class="post-single__cat">{p.section}</div><h2 class="post-single__title">{p.t}</h2>{p.trap("no-h1")}
<div class="post-single__info"><span class="date"><i class="icon-calendar"></i> {p.show("{d} {month} {y} йил")}</span> <span class="view">2213 {p.w("views")}</span></div>
<div class="post-single__img"><img src="/upload/iblock/{p.number}.jpg" alt=""></div>
<div class="post-single__text" style="text-align: justify;">
{p.text(p="<div>&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;{}</div>", glue=chr(10) + "<div><br></div>" + chr(10))}
<div style="text-align: right;"><b>{p.authors[0]},<br>«{p.site}» мухбири</b></div></div>
<div class="post-single__share">{SHARE}</div></section>
<section class="other"><h3>{p.w("related")}</h3>{p.cards(4, '<div class="other__item"><span>{date}</span><a href="{url}">{title}</a></div>', "{d} {month} {y} йил")}</section></div>
<div class="col-lg-3"><div class="banner">{p.w("ad")}</div><div class="top-news"><h4>{p.w("popular")}</h4>{p.cards(4, '<a href="{url}">{n}. {title}</a>')}</div></div></div></div>
<footer>{p.w("rights")} {p.w("address")} {COUNTER}</footer>""",
        charset=None,
    )


@structure
def joomla(p):
    p.trap("pagination")
    return doc(
        p,
        "\n".join(
            [
                f'<base href="https://{p.host}/" />',
                '<meta name="generator" content="Joomla! - Open Source Content Management" />',
                '<meta name="author" content="Super User" />',
                p.head_title("{title}"),
                p.canonical(),
                '<script src="/media/jui/js/jquery.min.js"></script>',
            ]
        ),
        f"""
<div class="body"><div class="container"><header class="header" role="banner"><a class="brand pull-left" href="/"><span class="site-title">{p.site}</span></a><form class="form-inline"><input type="search" placeholder="{p.w("search")} ..." /></form></header>
<nav class="navigation"><ul class="nav menu nav-pills mod-list">{p.menu('<li class="item"><a href="#">{}</a></li>', 6)}</ul></nav>
<div class="row-fluid"><div id="aside" class="span3"><div class="well"><h3 class="page-header">{p.w("latest")}</h3><ul class="latestnews mod-list">{p.cards(5, '<li><a href="{url}"><span itemprop="name">{title}</span></a></li>')}</ul></div></div>
<main id="content" role="main" class="span9"><ul class="breadcrumb"><li><a href="/" class="pathway">{p.w("home")}</a><span class="divider"><img src="/media/system/images/arrow.png" alt="" /></span></li><li class="active"><span>{p.section}</span></li></ul>
<div class="item-page" itemscope itemtype="https://schema.org/Article"><meta itemprop="inLanguage" content="kk-KZ" />
<div class="page-header"><h2 itemprop="headline">{p.t}</h2></div>{p.trap("no-h1")}
<div class="icons"><div class="btn-group pull-right"><a class="btn dropdown-toggle" href="#"><span class="icon-cog"></span></a><ul class="dropdown-menu"><li class="print-icon"><a href="#" title="{p.w("print")}">{p.w("print")}</a></li><li class="email-icon"><a href="#">Email</a></li></ul></div></div>
<dl class="article-info muted"><dt class="article-info-term">{p.w("more")}</dt>
<dd class="createdby" itemprop="author" itemscope itemtype="https://schema.org/Person">{p.w("author")}: <span itemprop="name">{p.authors[0]}</span></dd>
<dd class="category-name">{p.section}</dd>
<dd class="published"><span class="icon-calendar"></span> <time datetime="{p.iso()}" itemprop="datePublished">{p.w("published")}: {p.show("{dd} {Month} {y}")}</time></dd>
<dd class="hits"><span class="icon-eye-open"></span><meta itemprop="interactionCount" content="UserPageVisits:731" />{p.w("views")}: 731</dd></dl>
<ul class="pager pagenav"><li class="previous"><a href="#" rel="prev"><span class="icon-chevron-left"></span> {p.w("prev")}</a></li><li class="next"><a href="#" rel="next">{p.w("next")} <span class="icon-chevron-right"></span></a></li></ul>
<div itemprop="articleBody">
{p.text(p='<p style="text-align: justify;">{}</p>')}
</div></div></main></div></div></div>
<footer class="footer" role="contentinfo"><div class="container"><hr /><p class="pull-right"><a href="#top">^</a></p><p>&copy; {p.fetched.year} {p.site}</p></div></footer>""",
        body_attributes=' class="site com_content view-article no-layout no-task itemid-101"',
    )


@structure
def drupal7(p):
    return doc(
        p,
        "\n".join(
            [
                p.head_title("{title} | {site}"),
                p.canonical(),
                '<meta name="Generator" content="Drupal 7 (http://drupal.org)" />',
                '<link rel="shortlink" href="/uz/node/5518" />',
            ]
        ),
        f"""
<div id="skip-link"><a href="#main-content" class="element-invisible element-focusable">{p.w("home")}</a></div>
<div id="page-wrapper"><div id="page"><div id="header"><div class="section clearfix"><div id="name-and-slogan"><div id="site-name"><strong><a href="/" rel="home"><span>{p.site}</span></a></strong></div></div>
<div class="region region-header"><div class="block block-block"><div class="content"><span id="clock">{p.clock("{Weekday}, {dd}.{mm}.{y} {hm}")}</span></div></div></div></div></div>
<div id="main-menu" class="navigation"><ul id="main-menu-links" class="links clearfix">{p.menu('<li class="menu-218"><a href="#">{}</a></li>', 7)}</ul></div>
<div id="main-wrapper" class="clearfix"><div id="main" class="clearfix"><div id="breadcrumb"><h2 class="element-invisible">{p.w("home")}</h2><div class="breadcrumb"><a href="/">{p.w("home")}</a> » <a href="#">{p.section}</a></div></div>
<div id="content" class="column"><div class="section"><a id="main-content"></a><h1 class="title" id="page-title">{p.t}</h1><div class="tabs"></div><div class="region region-content"><div id="block-system-main" class="block block-system"><div class="content">
<div id="node-{p.number}" class="node node-news node-promoted node-full clearfix" about="/uz/node/{p.number}" typeof="sioc:Item foaf:Document">
<span property="dc:title" content="{html.escape(p.title)}" class="rdf-meta element-hidden"></span>
<div class="meta submitted"><span property="dc:date dc:created" content="{p.iso()}" datatype="xsd:dateTime" rel="sioc:has_creator">{p.show("{Weekday}, {dd}/{mm}/{y} - {hm}")}</span></div>
<div class="content clearfix"><div class="field field-name-field-image field-type-image field-label-hidden"><div class="field-items"><div class="field-item even"><img typeof="foaf:Image" src="/sites/default/files/{p.number}.jpg" alt="" /></div></div></div>
<div class="field field-name-body field-type-text-with-summary field-label-hidden"><div class="field-items"><div class="field-item even" property="content:encoded">
{p.text(p='<p class="rtejustify">{}</p>')}
</div></div></div></div>
<div class="link-wrapper"><ul class="links inline"><li class="statistics_counter first last"><span>{p.w("views")}: 604</span></li></ul></div></div></div></div>
<div class="block block-views"><h2>{p.w("latest")}</h2><div class="view-content"><div class="item-list"><ul>
{p.cards(4, '<li class="views-row"><div class="views-field views-field-created"><span class="field-content">{date}</span></div><div class="views-field views-field-title"><span class="field-content"><a href="{url}">{title}</a></span></div></li>', "{dd}/{mm}/{y}")}
</ul></div></div><ul class="pager"><li class="pager-current">1</li><li class="pager-item"><a href="#">2</a></li></ul></div></div></div></div></div></div>{p.trap("pagination")}
<div id="footer-wrapper"><div class="section"><div id="footer" class="clearfix">{p.w("rights")}<br />{p.w("address")}</div></div></div></div></div>""",
        body_attributes=' class="html not-front not-logged-in one-sidebar sidebar-second page-node node-type-news i18n-uz"',
    )


@structure
def dle(p):
    shown = f"{p.words['yesterday']}, {p.fmt('{hm}')}"
    p.evidence.append(shown)
    p.trap("relative", "br-paragraphs")
    return doc(
        p,
        "\n".join(
            [
                f'<meta http-equiv="Content-Type" content="text/html; charset={p.charset}">',
                p.head_title("{title} » {site}"),
                '<meta name="generator" content="DataLife Engine (http://dle-news.ru)">',
                '<link rel="search" type="application/opensearchdescription+xml" href="/engine/opensearch.php">',
            ]
        ),
        f"""
<div id="loading-layer" style="display:none">...</div>
<script type="text/javascript">var dle_root = '/'; var dle_admin = ''; var dle_login_hash = ''; var dle_skin = 'Default';</script>
<div class="wwide" id="toolbar"><div class="wrapper"><div class="headlinks"><ul>{p.menu(count=6)}</ul></div></div></div>
<div class="wrapper"><div id="header" class="dpad"><h1><a class="thide" href="/index.php" title="{p.site}">{p.site}</a></h1>{p.trap("logo-h1")}</div>
<div class="speedbar"><span id="dle-speedbar"><a href="/">{p.site}</a> &raquo; <a href="#">{p.section}</a> &raquo; {p.t}</span></div>
<div id="content"><div id="dle-content">
<div class="base fullstory"><div class="dpad"><h3 class="btl"><span id="news-title">{p.t}</span></h3>
<div class="bhinfo"><span class="baseinfo radial">{p.w("author")}: <a href="#">admin</a>, {shown}</span><div class="ratebox"><div class="rate">+14</div></div></div>
<div class="maincont"><div id="news-id-{p.number}" style="display:inline;"><!--dle_image_begin--><img src="/uploads/posts/{p.number}.jpg" style="float:left;" alt=""><!--dle_image_end-->
{p.text(p="{}", glue="<br><br>")}
</div><div class="clr"></div><p class="basetags"><i>{p.w("tags")}: <a href="#">{p.section}</a></i></p></div>
<div class="storenumber">{p.w("mistake")}</div></div></div>
<div class="related"><div class="dtop"><span><b>{p.w("related")}:</b></span></div><ul class="reset">{p.cards(4, '<li><a href="{url}">{title}</a></li>')}</ul></div>
<div id="dle-comments-list">{p.comments('<div class="bcomment"><div class="dtop"><h3><a href="#">{name}</a></h3><span>{date}</span></div><div class="cominfo"><div id="comm-id-1">{text}</div></div></div>', "{d} {month} {y} {hm}", 3)}</div>
</div></div>
<div id="sidebar"><div class="block"><h4>{p.w("popular")}</h4>{p.cards(4, '<a href="{url}">&raquo; {title}</a><br>')}</div>
<div id="calendar-layer"><table id="calendar" class="calendar"><tr><th class="monthselect" colspan="7">&laquo; {p.clock("{Month} {y}")} &raquo;</th></tr><tr><td>1</td><td>2</td><td>3</td><td class="day-active-v"><a href="#">4</a></td><td>5</td><td>6</td><td>7</td></tr></table></div></div>
<div id="footmenu">{COUNTER} {p.w("rights")}</div></div>""",
        charset=None,
    )


@structure
def dle_modern(p):
    shown = f"{p.words['today']}, {p.fmt('{hm}')}"
    p.evidence.append(shown)
    p.trap("relative", "fixed-meta")
    return doc(
        p,
        "\n".join(
            [
                p.head_title("{title} - {site}"),
                p.canonical(),
                p.og(suffix=f" - {p.site}"),
                '<meta name="date" content="2021-03-01T00:00:00+05:00">',
                '<meta property="article:published_time" content="2021-03-01">',
                '<meta name="generator" content="DataLife Engine (https://dle-news.ru)">',
                METRIKA,
            ]
        ),
        f"""
<div class="wrapper"><header class="header"><div class="header__top"><a href="/" class="logo">{p.site}</a><span class="header__currency">USD 12 650,40</span></div><ul class="nav">{p.menu()}</ul></header>
<div class="content"><main class="main"><div class="speedbar">{p.w("home")} / {p.section}</div>
<article class="full"><h1 class="full__title">{p.t}</h1><div class="full__meta"><span class="full__date">{shown}</span><span class="full__views">3 811</span><span class="full__com">4</span></div>
<div class="full__img"><img src="/uploads/posts/{p.number}.webp" alt=""></div>
<div class="full__text" itemprop="articleBody">
{p.text(r='<div class="quote read"><b>{label}:</b> <a href="{url}">{title}</a></div>')}
<!--QuoteBegin--><div class="tg-box"><a href="#">{p.w("telegram")}</a></div></div>
<div class="full__share">{SHARE}</div></article>
<section class="rel"><div class="title">{p.w("related")}</div>{p.cards(4, '<a class="rel__item" href="{url}"><span class="rel__title">{title}</span><span class="rel__date">{date}</span></a>', "{d}-{month}, {hm}")}</section>
<section class="comments" id="dle-comments-list"><div class="title">{p.w("comments")}</div>{p.comments('<div class="comm"><b>{name}</b> <span>{date}</span><div class="comm__text">{text}</div></div>', "{d}-{month}, {hm}")}</section></main>
<aside class="side"><div class="title">{p.w("popular")}</div>{p.cards(4, '<a href="{url}">{title}</a>')}</aside></div>
<footer class="footer">{p.w("rights")}</footer></div>""",
    )


@structure
def pangea(p):
    published = (
        f'<div class="published"><span class="date"><time pubdate="pubdate" datetime="{p.iso()}">'
        f"{p.show('{Month} {dd}, {y}')}</time></span></div>"
    )
    updated = ""
    if p.modified:
        p.trap("modified-later")
        updated = (
            f'<div class="updated"><span>{p.w("updated")}: {p.fmt("{Month} {dd}, {y} {hm}", p.modified)}</span></div>'
        )
    by = (
        f'<ul class="links"><li class="links__item"><a class="links__item-link" href="#">{p.authors[0]}</a></li></ul>'
        if p.authors
        else ""
    )
    lead = f'<div class="intro m-t-md"><p>{p.inline(p.lead)}</p></div>' + p.trap("lead-apart") if p.lead else ""
    clock = p.clock("{dd}-{Month}, {y}, {weekday}, {hm}")
    return doc(
        p,
        "\n".join(
            [
                p.head_title("{title}"),
                f'<meta name="title" content="{html.escape(p.title)}">',
                p.canonical(),
                p.og(),
                '<script type="text/javascript">var utag_data={entity:"RFE",platform:"Responsive",content_type:"Article",'
                + p.fmt('pub_year:"{y}",pub_month:"{mm}",pub_day:"{dd}",slug:"x"')
                + "};</script>",
                GTM,
            ]
        ),
        f"""
<section><div class="sr-only"><h2>{p.w("about").split(";")[0]}</h2><ul><li><a href="#content">{p.w("home")}</a></li><li><a href="#txtHeaderSearch">{p.w("search")}</a></li></ul></div></section>
<div dir="ltr"><div id="page"><aside><div class="c-lightbox overlay-modal"></div></aside><div class="hdr-20"><div class="hdr-20__inner"><div class="hdr-20__max pos-rel"><a href="/" class="logo">{p.site}</a></div></div></div>
<div class="c-hlights c-hlights--breaking"><div class="c-hlights__wrap container p-0"><span class="c-hlights__label">{p.w("latest")}</span><div class="hdr-date">{clock}</div></div></div>
<div id="content"><main class="container"><div class="hdr-container"><div class="row"><div class="col-category col-xs-12 col-md-2 pull-left"><div class="category js-category"><a href="#">{p.section}</a></div></div>
<div class="col-title col-xs-12 col-md-10 pull-right"><h1 class="title pg-title">{p.t}</h1></div>
<div class="col-publishing-details col-xs-12 col-sm-12 col-md-2 pull-left"><div class="publishing-details">{published}{updated}{by}</div></div></div></div>
<div class="body-container"><div class="row"><div class="col-xs-12 col-md-10 pull-right"><div class="row"><div class="col-xs-12 col-sm-12 col-md-8 col-lg-8 bottom-offset content-offset"><div class="col-multimedia"><figure class="media-image js-media-expand"><div class="img-wrap"><img src="/i_w250.jpg" alt=""></div><figcaption><span class="caption">{p.w("photo")}: {p.site}</span></figcaption></figure></div>
<div id="article-content" class="content-floated-wrap fb-quotable">{lead}<div class="wsw">
{p.text(r='<div class="wsw__embed"><div class="media-block also-read"><a href="{url}" class="img-wrap"></a><div class="content"><span class="label">{label}</span><h4 class="media-block__title">{title}</h4></div></div></div>')}
</div><ul><li><div class="c-author c-author--hlight"></div></li></ul></div><div class="pg-share">{SHARE}</div>
<div class="comments-parent"><h4>{p.w("comments")}</h4></div></div>
<div class="col-xs-12 col-md-4 design-top-offset"><div class="region"><div class="media-block-wrap"><h2 class="section-head">{p.w("popular")}</h2><ul>{p.cards(4, '<li class="mb-grid"><div class="media-block"><a href="{url}"><h4 class="media-block__title">{title}</h4></a><span class="date date--mb">{date}</span></div></li>', "{Month} {dd}, {y}", kind="popular-dates")}</ul></div></div></div></div></div></div></div></main></div>
<footer role="contentinfo"><div id="foot" class="foot"><div class="foot__item foot__item--copyrights"><p class="copyright">{p.site} © {p.fetched.year} RFE/RL, Inc.</p></div></div></footer></div></div>""",
        body_attributes=' class="nav-no-loaded cc_theme pg-article print-lay-article js-category-to-nav nojs-images"',
    )


@structure
def pangea_amp(p):
    p.trap("no-date")
    return doc(
        p,
        "\n".join(
            [
                p.head_title("{title}"),
                p.canonical(),
                '<script async src="https://cdn.ampproject.example/v0.js"></script>',
                "<style amp-custom>body{font-family:sans-serif}</style>",
            ]
        ),
        f"""
<header class="amp-hdr"><a href="/"><amp-img src="/logo.png" width="120" height="40"></amp-img></a><div class="amp-date">{p.clock("{d}-{month}, {y}, {weekday}, {hm}")}</div></header>
<main id="content"><article><h1>{p.t}</h1>
{p.text()}
<p class="also"><strong>{p.w("read_also")}</strong> {p.cards(3, '<a href="{url}">{title}</a>', glue=" ")}</p>{p.trap("insert")}</article></main>
<amp-sidebar id="sidebar" layout="nodisplay"><ul>{p.menu()}</ul></amp-sidebar><footer>© {p.fetched.year} {p.site}</footer>""",
        attributes=" amp",
    )


@structure
def sputnik(p):
    changed = ""
    if p.modified:
        changed = f' <span class="article__info-date-modified">({p.words["updated"].lower()}: {p.fmt("{hm} {dd}.{mm}.{y}", p.modified)})</span>'
        p.trap("modified-later")
    unix = int(p.date.timestamp())
    p.evidence.append(str(unix))
    announce = (
        f'<div class="article__announce"><div class="article__announce-text">{p.inline(p.lead)}</div></div>{p.trap("lead-apart")}'
        if p.lead
        else ""
    )
    blocks = p.text(
        p='<div class="article__block" data-type="text"><div class="article__text">{}</div></div>',
        r='<div class="article__block" data-type="article"><div class="article__article"><div class="article__article-info"><a href="{url}" class="article__article-title">{title}</a><div class="article__article-date">'
        + p.fmt("{dd}.{mm}.{y}, {hm}", p.local(p.fetched))
        + "</div></div></div></div>",
    )
    return doc(
        p,
        "\n".join(
            [
                p.head_title("{title} - {dd}, {site}".replace("{dd}", p.show("{dd}.{mm}.{y}"))),
                p.canonical(),
                p.og(suffix=f" - {p.site}"),
                METRIKA,
            ]
        ),
        f"""
<div class="schema_org" itemscope itemtype="https://schema.org/WebSite"><meta itemprop="name" content="{p.site}"></div>
<div class="page" id="page"><div class="page__width"><div class="page__top"><div class="header"><div class="header__top"><div class="header__logo"><a href="/" class="logo">{p.site}</a></div></div><div class="header__menu"><ul>{p.menu(count=6)}</ul></div></div></div></div>
<div class="container m-white" id="content"><div class="container__article"><div class="wrapper"><div class="endless" data-infinity="1"><div class="endless__item"><div class="article" data-article-id="{p.number}">
<div class="article__meta" itemprop="publisher" itemscope itemtype="https://schema.org/Organization"><div itemprop="name">{p.site}</div><div itemprop="telephone">+74950000000</div><div itemprop="url">https://{p.host}/docs/about/copyright.html</div></div>
<div class="article__news-services-subscribe"><span>{p.w("subscribe")}</span></div>
<div class="article__header"><h1 class="article__title">{p.t}</h1>{announce}<div class="article__info"><div class="article__info-date"><a href="{p.url}" data-unixtime="{unix}" title="{p.show("{hm} {dd}.{mm}.{y}")}">{p.show("{hm} {dd}.{mm}.{y}")}</a>{changed}</div></div></div>
<div class="article__photo"><div class="photoview__open"><img src="/img/07e9/{p.number}.jpg" alt="" title=""></div><div class="article__photo-copyright"><span>© Sputnik</span> / {p.site}</div><div class="article__photo-desc">{p.w("photo")} – {p.site}, 1920, {p.fmt("{dd}.{mm}.{y}")}</div></div>{p.trap("caption")}
<div class="article__body">
{blocks}
</div><div class="article__author-block"><div class="article__author"><a class="article__author-name" href="#">{p.authors[0]}</a></div></div>
<div class="article__tags tag__list">{p.each(p.tags, '<a href="#" class="tag m-article">{}</a>', " ")}</div></div></div></div></div></div>
<div class="lenta"><h3>{p.w("latest")}</h3>{p.cards(5, '<div class="lenta__item"><a href="{url}"><span class="lenta__item-date" data-unixtime="1">{date}</span><span class="lenta__item-text">{title}</span></a></div>', "{hm}")}</div></div></div>
<div class="footer"><div class="footer__copyright">© {p.fetched.year} {p.site}. 16+</div></div>""",
    )


@structure
def turkicstates(p):
    wrong = {"wronglang": "tr"}
    lang = next((wrong[key] for key in p.opt if key in wrong), None)
    if lang:
        p.trap("wrong-lang")
    gallery = (
        "".join(
            f'<div class="col-md-3"><a data-fancybox="gallery" href="/u/{n}.jpg"><img src="/u/{n}_thumb.jpg" class="img-fluid" alt=""></a></div>'
            for n in range(4)
        )
        if "gallery" in p.opt
        else ""
    )
    documents = (
        '<div class="file-list"><a href="/u/d/protocol.pdf"><i class="fa fa-file-pdf-o"></i> PDF (214 KB)</a></div>'
        if "docs" in p.opt
        else ""
    )
    last = (
        (
            f'<div class="col-lg-4"><div class="sidebar-news"><h4>{p.w("latest")}</h4>'
            + p.cards(
                4,
                '<div class="media"><div class="media-body"><a href="{url}">{title}</a><small>{date}</small></div></div>',
            )
            + "</div></div>"
        )
        if "lastnews" in p.opt
        else ""
    )
    return doc(
        p,
        "\n".join(
            [
                p.head_title("{title} | {site}"),
                p.og(kind="website"),
                '<link href="/assets/css/bootstrap.min.css" rel="stylesheet">',
                GTM,
            ]
        ),
        f"""
<div class="top-bar"><div class="container"><ul class="lang"><li><a href="/en">EN</a></li><li><a href="/tr">TR</a></li><li><a href="/az">AZ</a></li><li><a href="/kz">KZ</a></li><li><a href="/kg">KG</a></li><li><a href="/uz">UZ</a></li></ul></div></div>
<nav class="navbar navbar-expand-lg"><div class="container"><a class="navbar-brand" href="/"><img src="/assets/logo.svg" alt="Organization of Turkic States"></a><ul class="navbar-nav ml-auto">{p.menu('<li class="nav-item dropdown"><a class="nav-link" href="#">{}</a></li>', 6)}</ul></div></nav>
<section class="page-header"><div class="container"><h1 class="page-title">{p.t}</h1><nav aria-label="breadcrumb"><ol class="breadcrumb"><li class="breadcrumb-item"><a href="/">{p.w("home")}</a></li><li class="breadcrumb-item active">{p.section}</li></ol></nav></div></section>
<section class="news-detail section-padding"><div class="container"><div class="row"><div class="col-lg-8">
<div class="detail-img"><img src="/u/news/{p.number}.jpg" class="img-fluid" alt=""></div>
<div class="detail-content">
{p.text(p='<p style="text-align:justify">{}</p>')}
</div>{documents}<div class="row gallery">{gallery}</div><div class="share-links">{SHARE}</div></div>{last}</div></div></section>
<section class="calendar-strip"><div class="container"><ul><li><strong>TURKSOY</strong></li><li><strong>TURKPA</strong></li><li><strong>Turkic Academy</strong></li></ul></div></section>
<footer class="footer"><div class="container"><p>Binbirdirek Mah., Piyer Loti Cad. No. 1, Fatih, İstanbul</p><p class="copyright">© {p.fetched.year} Organization of Turkic States</p></div></footer>
<div class="cookie-alert"><p>{p.w("cookies")}</p><button>{p.w("cookies_ok")}</button></div>""",
        lang=lang,
    )


@structure
def turkicstates_old(p):
    return doc(
        p,
        "\n".join([p.head_title("{site} - {title}"), '<script src="/js/jquery-1.11.min.js"></script>']),
        f"""
<div id="wrapper"><div id="top"><div class="logo"><a href="/kz"><img src="/img/logo_kz.png" alt=""></a></div><div class="search"><input type="text" value="{p.w("search")}"></div><div id="menu"><ul>{p.menu(count=7)}</ul></div></div>
<div id="middle"><div class="left-col"><div class="box"><div class="box-title">{p.w("latest")}</div><ul class="news-box">{p.cards(5, '<li><span class="d">{date}</span><a href="{url}">{title}</a></li>')}</ul></div>{p.trap("related-first")}</div>
<div class="right-col"><div class="path">{p.w("home")} &gt; {p.section}</div><div class="news-title">{p.t}</div>{p.trap("no-h1")}
<div class="news-img"><img src="/resim/{p.number}.jpg" width="620" alt=""></div>
<div class="news-text">
{p.text(p='<p class="MsoNormal" style="margin-bottom:12.0pt;text-align:justify"><span lang="KZ" style="font-size:12.0pt;font-family:&quot;Times New Roman&quot;">{}<o:p></o:p></span></p>')}
</div><div class="back"><a href="javascript:history.back()">&laquo; {p.w("prev")}</a></div></div></div>
<div id="bottom">© 2009-{p.fetched.year} Turkic Council / Organization of Turkic States</div></div>""",
        doctype='<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">',
    )
