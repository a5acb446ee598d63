import pytest

from airflow_provider_ee.client.auth.trust import is_listed, is_trusted

GOOGLE = [
    "https://googleapis.com",
    "https://earthengine.googleapis.com",
    "https://earthengine-highvolume.googleapis.com/",
    "https://EarthEngine.GoogleAPIs.com/v1",
    "HTTPS://oauth2.googleapis.com/token",
    "https://oauth2.googleapis.com:443/token",
    "https://sts.googleapis.com/v1/token?a=b",
    "https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/a@b.iam.gserviceaccount.com:generateAccessToken",
    "https://earthengine-psc.p.googleapis.com",
]
LOOPBACK = [
    "http://localhost",
    "http://LOCALHOST:8085/",
    "https://localhost:8085/v1",
    "http://127.0.0.1:1/token",
    "http://127.8.9.10",
    "http://[::1]:8085/v1",
    "http://[0:0:0:0:0:0:0:1]",
]

HOSTS_OF_OTHERS = [
    "evil.com",
    "evilgoogleapis.com",
    "googleapis.com.evil.com",
    "earthengine.googleapis.com.evil.com",
    "earthengine.googleapis.co",
    "earthengine-googleapis.com",
    "googleapis.comm",
    "googleapis",
    "com",
    "notlocalhost",
    "localhost.evil.com",
    "127.0.0.1.evil.com",
    "127.0.0.1.nip.io",
    "metadata.google.internal",
    "metadata",
    "169.254.169.254",
    "169.254.170.2",
    "100.100.100.200",
    "192.168.1.1",
    "10.0.0.1",
    "172.17.0.1",
    "0.0.0.0",  # noqa: S104  # nothing is bound
    "8.8.8.8",
    "[fd00:ec2::254]",
    "[fe80::1]",
    "[::]",
    "[::ffff:169.254.169.254]",
    "[::ffff:a9fe:a9fe]",
]
ODD_FORMS_OF_HOSTS = [
    "earthengine.googleapis.com.",
    "localhost.",
    "127.0.0.1.",
    ".googleapis.com",
    "..googleapis.com",
    "earthengine..googleapis.com",
    "-.googleapis.com",
    "a-.googleapis.com",
    "a_b.googleapis.com",
    "*.googleapis.com",
    "127.1",
    "127.0.1",
    "2130706433",
    "0x7f000001",
    "0x7f.0.0.1",
    "0177.0.0.1",
    "127.0.0.01",
    "127.0.0.256",
    "[::ffff:127.0.0.1]",
    "[::1%25eth0]",
    "[::1%eth0]",
    "[::1",
    "::1",
    "[127.0.0.1]x",
    "[localhost]",
    "[]",
    "earthengine.googleapis.com\u3002evil.com",
    "earthengine\uff0egoogleapis.com",
    "earthengine.googleapi\u017f.com",
    "\u212aubernetes.googleapis.com",
    "earthengine.google\u0430pis.com",
    "g\u00f6\u00f6gleapis.com",
    "xn--ggleapis-n4a.com",
    "\u24db\u24de\u24d2\u24d0\u24db\u24d7\u24de\u24e2\u24e3",
    "\u0131ocalhost",
    "local\u00adhost",
    "earthengine.googleapis.com\x00.evil.com",
    "earthengine.googleapis.com%00.evil.com",
    "earthengine%2egoogleapis.com",
    "evil.com%2f.googleapis.com",
    "evil.com%23.googleapis.com",
]
AUTHORITIES_THAT_LIE = [
    "earthengine.googleapis.com@evil.com",
    "earthengine.googleapis.com:443@evil.com",
    "user:password@earthengine.googleapis.com",
    "evil.com@earthengine.googleapis.com",
    "@earthengine.googleapis.com",
    "localhost@evil.com",
    "evil.com\\@earthengine.googleapis.com",
    "evil.com\\.googleapis.com",
    "evil.com#.googleapis.com",
    "evil.com#@earthengine.googleapis.com",
    "evil.com?.googleapis.com",
    "evil.com/.googleapis.com",
    "evil.com;.googleapis.com",
    "evil.com,earthengine.googleapis.com",
    "evil.com .googleapis.com",
    "evil.com\t.googleapis.com",
    "evil.com\n.googleapis.com",
    "evil.com\r\n.googleapis.com",
    "[evil.com].googleapis.com",
    "evil.com&.googleapis.com",
    "evil.com:443:.googleapis.com",
    "",
]
WRONG_SCHEMES = [
    "http",
    "ftp",
    "file",
    "ws",
    "wss",
    "javascript",
    "data",
    "gopher",
    "https ",
    " https",
    "https\x00",
    "",
]
WRONG_WHOLES = [
    "",
    " ",
    "https:",
    "https:/earthengine.googleapis.com",
    "https:///earthengine.googleapis.com",
    "https:////earthengine.googleapis.com",
    "https:\\\\earthengine.googleapis.com",
    "https:/\\earthengine.googleapis.com",
    "https:earthengine.googleapis.com",
    "//earthengine.googleapis.com",
    "/earthengine.googleapis.com",
    "earthengine.googleapis.com",
    "localhost:8085",
    " https://earthengine.googleapis.com",
    "https://earthengine.googleapis.com ",
    "https://earthengine.googleapis.com\n",
    "\nhttps://earthengine.googleapis.com",
    "https://earthengine.googleapis.com/\nhttps://evil.com",
    "https://earthengine.googleapis.com\\evil.com",
    "https://earthengine.googleapis.com/\\evil.com",
    "https://earthengine.googleapis.com#evil",
    "https://earthengine.googleapis.com:",
    "https://earthengine.googleapis.com:80",
    "https://earthengine.googleapis.com:8443",
    "https://earthengine.googleapis.com:0443",
    "https://earthengine.googleapis.com:443443",
    "https://earthengine.googleapis.com:-443",
    "https://earthengine.googleapis.com:+443",
    "https://earthengine.googleapis.com:https",
    "https://earthengine.googleapis.com:\u0664\u0664\u0663",
    "http://localhost:8085\\@evil.com",
    "http://localhost:8085@evil.com",
    "http://127.0.0.1\\evil.com",
    "url:https://earthengine.googleapis.com",
    "https://https://earthengine.googleapis.com",
    "view-source:https://earthengine.googleapis.com",
]
UNTRUSTED = [
    *(f"https://{host}/token" for host in HOSTS_OF_OTHERS),
    *(f"http://{host}/token" for host in HOSTS_OF_OTHERS),
    *(f"https://{host}" for host in ODD_FORMS_OF_HOSTS),
    *(f"http://{host}:8085/v1" for host in ODD_FORMS_OF_HOSTS),
    *(f"https://{authority}/token" for authority in AUTHORITIES_THAT_LIE),
    *(f"http://{authority}/token" for authority in AUTHORITIES_THAT_LIE),
    *(f"{scheme}://earthengine.googleapis.com" for scheme in WRONG_SCHEMES),
    *WRONG_WHOLES,
]


@pytest.mark.parametrize("url", [*GOOGLE, *LOOPBACK])
def test_google_over_https_and_this_machine_are_trusted(url):
    assert is_trusted(url)


def test_there_are_enough_ways_to_lie():
    assert len(set(UNTRUSTED)) >= 200


@pytest.mark.parametrize("url", UNTRUSTED, ids=ascii)
def test_everything_else_is_refused(url):
    assert not is_trusted(url)


@pytest.mark.parametrize("url", UNTRUSTED, ids=ascii)
def test_no_odd_url_gets_in_because_some_other_host_is_trusted(url):
    assert not is_trusted(url, ["example.org", "http://emulator:8085"])


@pytest.mark.parametrize(
    ("url", "trusted"),
    [
        ("https://ee.example.org/v1", "ee.example.org"),
        ("https://sts.ee.example.org", "ee.example.org"),
        ("https://ee.example.org", " EE.example.org "),
        ("https://ee.example.org:8443/v1", "https://ee.example.org:8443/"),
    ],
)
def test_what_the_user_trusts_is_trusted(url, trusted):
    assert is_trusted(url, ["other.org", trusted])


@pytest.mark.parametrize(
    ("url", "trusted"),
    [
        ("http://ee.example.org", "ee.example.org"),
        ("https://ee.example.org:8443", "ee.example.org"),
        ("https://example.org", "ee.example.org"),
        ("https://evilee.example.org", "ee.example.org"),
        ("http://emulator:8085", "http://emulator:8085"),
        ("https://ee.example.org:8444", "https://ee.example.org:8443"),
        ("https://emulator:8085", "http://emulator:8085"),
        ("http://sub.emulator:8085", "http://emulator:8085"),
        ("https://evil.com", ""),
        ("https://evil.com", " "),
        ("https://evil.com", "."),
        ("https://evil.com", "com"),
        ("https://evil.com", "*"),
        ("https://evil.com", "https://"),
        ("https://evil.com", "https://good.com@evil.com"),
    ],
)
def test_what_the_user_trusts_covers_nothing_else(url, trusted):
    assert not is_trusted(url, [trusted])


@pytest.mark.parametrize(
    ("url", "listed", "is_it"),
    [
        ("http://emulator:8085/v1", "http://emulator:8085", True),
        ("http://emulator:8085/v1", "http://emulator:8085/", True),
        ("http://emulator/v1", "HTTP://emulator:80", True),
        ("http://emulator:8086", "http://emulator:8085", False),
        ("https://emulator:8085", "http://emulator:8085", False),
        ("http://sub.emulator:8085", "http://emulator:8085", False),
        ("http://user@emulator:8085", "http://emulator:8085", False),
        ("https://ee.example.org", "ee.example.org", False),
    ],
)
def test_an_origin_is_listed_if_scheme_host_and_port_are_the_same(url, listed, is_it):
    assert is_listed(url, ["other.org", listed]) is is_it
