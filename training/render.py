"""Views: one page as different extractors print it.

Gold is the page as resiliparse prints it whole. Users come with text of other
extractors: some keep everything, some the main part only, some break a line at
every link, some mark headings and lists. Each view has a name and a function
from the page's HTML to its text, with the options that pipelines use it with.
"""

import re
import warnings
from collections.abc import Callable

from resiliparse.extract.html2text import extract_plain_text
from resiliparse.parse.encoding import bytes_to_str, detect_encoding
from resiliparse.parse.html import HTMLTree, NodeType, traverse_dom

# Elements around which Common Crawl's WET starts a new line, and those around
# which it puts a space (commoncrawl/ia-web-commons, ExtractingParseObserver).
WET_BLOCKS = (
    "address article aside blockquote body br button canvas caption col colgroup dd div dl dt "
    "embed fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr li map "
    "noscript object ol output p pre progress section table tbody textarea tfoot th thead title "
    "tr ul video"
)
WET_SPACED = "cite details datalist iframe img input label legend optgroup q select summary td time"
SEPARATORS = dict.fromkeys(WET_BLOCKS.split(), "\n") | dict.fromkeys(WET_SPACED.split(), " ")
WET_SILENT = frozenset({"script", "style"})


def parse(html: bytes) -> HTMLTree:
    """Parse a page in the encoding that its bytes suggest.

    Parameters
    ----------
    html : bytes

    Returns
    -------
    HTMLTree
    """
    return HTMLTree.parse_from_bytes(html, detect_encoding(html))


def decode(html: bytes) -> str:
    """Decode a page in the encoding that its bytes suggest.

    Parameters
    ----------
    html : bytes

    Returns
    -------
    str
    """
    return bytes_to_str(html, detect_encoding(html))


def title_of(html: bytes) -> str:
    """Return the text of the page's title element, "" if there is none.

    Parameters
    ----------
    html : bytes

    Returns
    -------
    str
    """
    return parse(html).title or ""


def resiliparse_full(html: bytes) -> str:
    """Print the whole page: the text of gold.

    Parameters
    ----------
    html : bytes

    Returns
    -------
    str
    """
    return extract_plain_text(
        parse(html),
        main_content=False,
        preserve_formatting=True,
        list_bullets=True,
        alt_texts=False,
        links=False,
        form_fields=False,
        noscript=False,
    )


def resiliparse_main(html: bytes) -> str:
    """Print what resiliparse takes for the main content.

    Parameters
    ----------
    html : bytes

    Returns
    -------
    str
    """
    return extract_plain_text(
        parse(html), main_content=True, preserve_formatting=True, list_bullets=True, alt_texts=False
    )


def trafilatura(html: bytes) -> str:
    """Print what trafilatura takes for the main content, comments with it.

    Parameters
    ----------
    html : bytes

    Returns
    -------
    str
    """
    from trafilatura import extract

    return extract(decode(html)) or ""


def inscriptis(html: bytes) -> str:
    """Print the page laid out as a browser would: indented, tables in columns.

    Parameters
    ----------
    html : bytes

    Returns
    -------
    str
    """
    from inscriptis import get_text

    return get_text(decode(html))


def html2text(html: bytes, has_links: bool = False) -> str:
    """Print the page as Markdown.

    Parameters
    ----------
    html : bytes
    has_links : bool, default False
        Whether links and images are printed with their addresses. No view has them, but the
        test set wants them.

    Returns
    -------
    str
    """
    from html2text import HTML2Text

    printer = HTML2Text()
    printer.body_width = 0  # one line a block, as in every other view
    printer.ignore_links = printer.ignore_images = not has_links
    return printer.handle(decode(html))


def beautifulsoup(html: bytes) -> str:
    """Print each run of text between two tags on a line of its own.

    Parameters
    ----------
    html : bytes

    Returns
    -------
    str
    """
    from bs4 import BeautifulSoup, XMLParsedAsHTMLWarning

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", XMLParsedAsHTMLWarning)  # XHTML is printed all the same
        return BeautifulSoup(decode(html), "lxml").get_text("\n")


def wet(html: bytes) -> str:
    """Print the page as Common Crawl's WET files do.

    Title first, then every text node, hidden ones too; one line a block, no
    blank lines, no bullets.

    Parameters
    ----------
    html : bytes

    Returns
    -------
    str
    """
    parts: list[str] = []

    def enter(context) -> None:
        node = context.node
        if node.type == NodeType.ELEMENT:
            parts.append(SEPARATORS.get(node.tag, ""))
        elif node.type == NodeType.TEXT and node.parent.tag not in WET_SILENT:
            parts.append(re.sub(r"\s+", " ", node.value))

    def leave(context) -> None:
        parts.append(SEPARATORS.get(context.node.tag, ""))

    traverse_dom(parse(html).document, enter, leave)
    lines = (re.sub(" +", " ", line).strip() for line in "".join(parts).split("\n"))
    return "\n".join(line for line in lines if line)


VIEWS: dict[str, Callable[[bytes], str]] = {
    "full": resiliparse_full,
    "main": resiliparse_main,
    "trafilatura": trafilatura,
    "inscriptis": inscriptis,
    "html2text": html2text,
    "beautifulsoup": beautifulsoup,
    "wet": wet,
}
