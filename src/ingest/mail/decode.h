#pragma once
// What mails wrap text in: transfer encodings, charsets, encoded words (RFC 2045, 2047, 2231). All of it
// lenient: what cannot be decoded passes through, and what comes out as text is valid UTF-8.

#include <string>
#include <string_view>

namespace tocsin::ingest::mail {

// Characters outside the alphabet are passed over, "-_" count as "+/", decoding stops at '='.
std::string decode_base64(std::string_view text);
// `header` reads '_' as a blank (RFC 2047 Q).
std::string decode_quoted_printable(std::string_view text, bool header);
// "%41" gives "A".
std::string decode_percent(std::string_view text);

// `bytes` in that charset as valid UTF-8; an unknown charset is read as UTF-8, ill-formed bytes become
// U+FFFD.
std::string to_utf8(std::string_view bytes, std::string_view charset);

// A header's value with its "=?charset?B|Q?…?=" words decoded.
std::string decode_words(std::string_view value);

}  // namespace tocsin::ingest::mail
