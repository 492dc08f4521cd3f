#pragma once
// Foreign text made fit to stand inside a sentence of ours. An attacker chooses user names, titles and file
// names; what a reader sees must be what is there.

#include <cstddef>
#include <string>
#include <string_view>

namespace tocsin {

// Control, bidirectional and invisible characters become ⟦U+202E⟧, bytes that are not UTF-8 become ⟦xFF⟧, and
// the bracket ⟦ itself is spelled out too, so that no text can pretend to have been replaced. At most
// `max_chars` characters of the original are shown, then "…". The result is always valid UTF-8 on one line.
// It is plain text: whoever puts it into HTML or a query escapes it for that.
void append_display_text(std::string& out, std::string_view foreign, std::size_t max_chars = 120);
std::string display_text(std::string_view foreign, std::size_t max_chars = 120);

}  // namespace tocsin
