#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <memory>

#include "escape/literals.h"
#include "escape/shell.h"
#include "escape/testing/hostile.h"

namespace tocsin::escape {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::string run_sh(const std::string& script) {
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(script.c_str(), "r"), pclose);
  std::string out;
  std::array<char, 4096> buffer{};
  for (std::size_t got = 0; (got = std::fread(buffer.data(), 1, buffer.size(), pipe.get())) > 0;)
    out.append(buffer.data(), got);
  return out;
}

// The shell itself says what a word is.
TEST(ShellWord, IsOneArgumentOfARealShellAndTheValueItself) {
  std::string script = "printf '%s\\n'", expected;
  std::size_t kept = 0;
  for (const auto& value : testing::hostile_values()) {
    const auto word = quote(value, Syntax::kSh);
    if (!word) continue;
    ++kept;
    script += " " + *word;
    expected += value + "\n";
  }
  EXPECT_GE(kept, 200U);
  EXPECT_EQ(run_sh(script), expected);
}

struct Refused {
  Syntax syntax;
  const char* value;
  const char* why;
};
class Refusal : public ::testing::TestWithParam<Refused> {};
TEST_P(Refusal, SaysWhy) {
  const auto word = quote(GetParam().value, GetParam().syntax);
  ASSERT_FALSE(word.ok()) << GetParam().value;
  EXPECT_THAT(word.error().message, HasSubstr(GetParam().why));
}
INSTANTIATE_TEST_SUITE_P(
    Values, Refusal,
    ::testing::Values(
        Refused{Syntax::kSh, "", "empty"}, Refused{Syntax::kSh, "-rf", "option"},
        Refused{Syntax::kSh, "a\nb", "control"}, Refused{Syntax::kSh, "\u202Ecod.exe", "directional"},
        Refused{Syntax::kSh, "\xFF", "UTF-8"}, Refused{Syntax::kPowershell, "\u2013x", "option"},
        Refused{Syntax::kPowershell, "@x", "'@'"}, Refused{Syntax::kPowershell, "a\"b", "double quote"},
        Refused{Syntax::kPowershell, "\u201Ca", "double quote"},
        Refused{Syntax::kPowershell, "*", "wildcard"}, Refused{Syntax::kPowershell, "C:\\", "ends with"},
        Refused{Syntax::kCli, "a b", "cannot quote"}, Refused{Syntax::kSpl, "a*", "Splunk"},
        Refused{Syntax::kSpl, "`m`", "Splunk"}, Refused{Syntax::kConsole, "\u201Dx", "quotation"},
        Refused{Syntax::kKql, "a\tb", "control"}));

TEST(PowershellWord, DoublesEveryCharacterThatPowershellTakesForAQuote) {
  EXPECT_EQ(*quote("it's", Syntax::kPowershell), "'it''s'");
  EXPECT_EQ(*quote("it\u2019s", Syntax::kPowershell), "'it\u2019\u2019s'");
  EXPECT_EQ(*quote("$(reboot); `n", Syntax::kPowershell), "'$(reboot); `n'");
}

TEST(Quote, TheLongestValueIsStillTaken) {
  EXPECT_TRUE(quote(std::string(512, 'a'), Syntax::kSh).ok());
  EXPECT_FALSE(quote(std::string(513, 'a'), Syntax::kSh).ok());
}

std::string where(std::string_view command, Syntax syntax) {
  const auto at = command.find("{user}");
  return misplaced(command, at, 6, syntax);
}

TEST(Misplaced, PlaceholdersInsideQuotesOrCommentsAreFound) {
  EXPECT_THAT(where("echo {user}", Syntax::kSh), IsEmpty());
  EXPECT_THAT(where("echo --x={user}/y", Syntax::kSh), IsEmpty());
  EXPECT_THAT(where("echo \"a {user}\"", Syntax::kSh), HasSubstr("inside quotes"));
  EXPECT_THAT(where("echo 'a {user}'", Syntax::kSh), HasSubstr("inside quotes"));
  EXPECT_THAT(where("echo `id {user}`", Syntax::kSh), HasSubstr("inside quotes"));
  EXPECT_THAT(where("echo \\' {user}", Syntax::kSh), IsEmpty());
  EXPECT_THAT(where("echo '\\' {user}", Syntax::kSh), IsEmpty());
  EXPECT_THAT(where("echo a # {user}", Syntax::kSh), HasSubstr("comment"));
  EXPECT_THAT(where("T // {user}", Syntax::kKql), HasSubstr("comment"));
  EXPECT_THAT(where("T | where a == \"\\\"{user}\"", Syntax::kKql), HasSubstr("inside quotes"));
  EXPECT_THAT(where("SELECT 'it''s {user}'", Syntax::kSql), HasSubstr("inside quotes"));
  EXPECT_THAT(where("Get-X -A {user}", Syntax::kPowershell), IsEmpty());
  EXPECT_THAT(where("Get-X -A x{user}", Syntax::kPowershell), HasSubstr("word of its own"));
  EXPECT_THAT(where("Get-X -A \"`\"{user}\"", Syntax::kPowershell), HasSubstr("inside quotes"));
}

TEST(EsqlLiteral, EscapesWhatItCanAndRefusesTheRest) {
  EXPECT_EQ(*esql_literal("a\"b\\c"), "\"a\\\"b\\\\c\"");
  EXPECT_FALSE(esql_literal("a\nb").has_value());
  EXPECT_FALSE(esql_literal("\u202E").has_value());
  EXPECT_FALSE(esql_literal("\xFF").has_value());
}

TEST(SigmaLiteral, EscapesForSigmaThenForYaml) {
  EXPECT_EQ(sigma_literal("a*b?"), "\"a\\\\*b\\\\?\"");
  EXPECT_EQ(sigma_literal("C:\\x"), "\"C:\\\\\\\\x\"");
  EXPECT_EQ(sigma_literal("a\"\n\u202E\U000E0041"), "\"a\\\"\\u000a\\u202e\\U000e0041\"");
}

}  // namespace
}  // namespace tocsin::escape
