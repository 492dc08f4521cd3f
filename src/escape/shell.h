#pragma once
// Foreign values inside commands that a person will paste into a shell or a console. A value either becomes
// exactly one word of that language, or it is refused with the reason: no command is ever half-quoted.

#include <string>
#include <string_view>

#include "base/result.h"

namespace tocsin::escape {

// What a command is written in.
enum class Syntax : std::uint8_t {
  kConsole,     // a path through a user interface, in words
  kSh,          // POSIX shell
  kPowershell,  // 5.1 and 7
  kCli,         // the command line of an appliance: words, no quoting that all of them share
  kKql,
  kSpl,
  kSql,
};
inline constexpr Syntax kLastSyntax = Syntax::kSql;
std::string_view to_text(Syntax syntax);  // console sh powershell cli kql spl sql

inline constexpr std::size_t kMaxCommandValue = 512;  // bytes

// The value as one word (sh, powershell, cli), one literal (kql, spl, sql) or quoted text (console).
// kInvalidInput, with a message fit to show, for what cannot be quoted safely there:
//   everywhere   empty, longer than kMaxCommandValue, not UTF-8, control, invisible or directional characters
//   shells, cli  a leading '-' (it would be an option) or '@' in PowerShell (a splat or a file of arguments)
//   powershell   '"' and a last '\' (5.1 passes them on to programs unescaped), '*' '?' '[' ']' (many
//                commands take them as wildcards)
//   cli          anything but A-Z a-z 0-9 . _ : / @ -
//   spl          '*' and '`', which it cannot take literally
//   console      the quotation marks “ ” that it is shown in
Result<std::string> quote(std::string_view value, Syntax syntax);

// Where a placeholder may stand in a command of ours so that quote() holds: outside of quotes and comments,
// and in PowerShell as a word of its own. Empty when it may, else the reason. `at` is the offset of the
// placeholder, `length` its length.
std::string misplaced(std::string_view command, std::size_t at, std::size_t length, Syntax syntax);

}  // namespace tocsin::escape
