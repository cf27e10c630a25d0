"""A browser's long name of itself as people say it; nothing but what the browser told.

>>> name("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36")
'Chrome, Linux'
>>> name("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Version/17.0 Safari/604.1")
'Safari, iPhone'
>>> name("curl/8.1"), name("")
('curl/8.1', '—')
"""

from __future__ import annotations

BROWSERS = (
    ("Edg", "Edge"), ("OPR/", "Opera"), ("coc_coc", "Cốc Cốc"), ("SamsungBrowser", "Samsung"),
    ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"),
)  # fmt: skip
SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"),
    ("Mac OS X", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux"),
)  # fmt: skip


def name(agent: str) -> str:
    """Browser and system; what is not known is shown as it came, shortened."""
    browser = next((word for sign, word in BROWSERS if sign in agent), "")
    system = next((word for sign, word in SYSTEMS if sign in agent), "")
    return ", ".join(filter(None, (browser, system))) or agent[:60] or "—"
