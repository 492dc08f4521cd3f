#pragma once
// 300 values that try to become something else: what an attacker may put into a user name, a host name or a
// file name. Used by the tests of every language and by tests/grammars.

#include <string>
#include <string_view>
#include <vector>

namespace tocsin::escape::testing {

inline constexpr std::string_view kSeeds[] = {"\"",
                                              "'",
                                              "`",
                                              "\\",
                                              "\\\"",
                                              "\\'",
                                              "''",
                                              "\"\"",
                                              "\"\"\"",
                                              "'\"'",
                                              "\\\\\"",
                                              "x\\",
                                              "\" | take 0 //",
                                              "\" or 1==1 or \"",
                                              "\"); drop table x; (\"",
                                              "\") or true or (\"",
                                              "' OR '1'='1",
                                              "'; DROP TABLE x; --",
                                              "') UNION SELECT * FROM t --",
                                              "a | delete",
                                              "| outputlookup x.csv",
                                              "a\n| take 0",
                                              "a\r\nb",
                                              "a\rb",
                                              "`macro(1)`",
                                              "`comment(\"x\")`",
                                              "[search index=*]",
                                              "*",
                                              "a*b?c",
                                              "?",
                                              "^",
                                              "^caret^",
                                              "/* c */",
                                              "// c",
                                              "-- c",
                                              "# c",
                                              "```c```",
                                              "$token$",
                                              "$(reboot)",
                                              "${IFS}",
                                              "`reboot`",
                                              "; reboot",
                                              "& reboot",
                                              "&& reboot",
                                              "|| reboot",
                                              "> /etc/passwd",
                                              "< /etc/passwd",
                                              "a b",
                                              " a",
                                              "a ",
                                              "~root",
                                              "!history",
                                              "%PATH%",
                                              "%0A",
                                              "-rf",
                                              "--help",
                                              "\u2013option",
                                              "\u2018quote\u2019",
                                              "\u201Cquote\u201D",
                                              "\u201A\u201B",
                                              "@splat",
                                              "@(1,2)",
                                              "@{a=1}",
                                              "{user}",
                                              "{from}",
                                              "{*users*}",
                                              "{v}",
                                              "{",
                                              "}",
                                              "(",
                                              ")",
                                              "[",
                                              "]",
                                              "a,b",
                                              "a=b",
                                              "a;b",
                                              "a:b",
                                              "- a",
                                              "a: b",
                                              "a #b",
                                              "&anchor",
                                              "*alias",
                                              "!!python/object:x",
                                              "---",
                                              "...",
                                              "%YAML 1.2",
                                              "| literal",
                                              "> folded",
                                              "null",
                                              "true",
                                              "0x10",
                                              "1e3",
                                              "\t",
                                              std::string_view("a\0b", 3),
                                              std::string_view("\0", 1),
                                              "\x01\x02\x03",
                                              "\x1B[2Jcleared",
                                              "\x7F",
                                              "\u0085next line",
                                              "\u2028line",
                                              "\u2029paragraph",
                                              "\u202Etxt.exe",
                                              "\u2066isolate\u2069",
                                              "\u200Bzero\u200Dwidth",
                                              "\uFEFFbom",
                                              "\U000E0041tag",
                                              "\u3164filler",
                                              "\uFF02full\uFF02",
                                              "\u02BAmodifier",
                                              "日本語",
                                              "e\u0301\u0301\u0301",
                                              "\xFF\xFE",
                                              "\xC3",
                                              "\xC0\xA2",
                                              "\xED\xA0\x80",
                                              "\xF4\x90\x80\x80",
                                              "\\u0022",
                                              "\\x22",
                                              "&quot;",
                                              "U&'x'",
                                              "h\"; union *",
                                              "CORP\\admin",
                                              "CORP\\",
                                              "user@evil.example",
                                              "@",
                                              "a.b.c",
                                              ".",
                                              "..",
                                              "C:\\Windows\\System32\\cmd.exe",
                                              "C:\\",
                                              "/etc/passwd",
                                              "/",
                                              "=1+1",
                                              "+1",
                                              "<script>alert(1)</script>",
                                              "javascript:alert(1)",
                                              "https://evil.example/?a=b&c='d'#e",
                                              "10.0.0.1' or '1'='1",
                                              "::1\""};

inline std::vector<std::string> seeds() {
  std::vector<std::string> all(std::begin(kSeeds), std::end(kSeeds));
  all.emplace_back(300, 'A');
  all.back() += '"';
  all.emplace_back(511, '\'');
  all.emplace_back(512, '\\');
  all.emplace_back(5000, 'x');
  all.emplace_back(100, '"');
  return all;
}

// Each seed alone and inside ordinary text, until there are 300; deterministic.
inline std::vector<std::string> hostile_values() {
  auto values = seeds();
  const auto basis = seeds();
  for (std::size_t i = 0; values.size() < 300; ++i) {
    const auto& seed = basis[i % basis.size()];
    values.push_back(i < basis.size() ? "srv" + seed + "01" : seed + basis[(i * 7 + 3) % basis.size()]);
  }
  return values;
}

}  // namespace tocsin::escape::testing
