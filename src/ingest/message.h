#pragma once
// One message of a stream of logs (a syslog frame, a line of a file) into records. Unlike a webhook's body, a
// stream carries more logs than alerts: what no vendor claims is kept as an event.

#include <string_view>

#include "ingest/ingest.h"

namespace tocsin::ingest {

// `source`: a canonical name, or "auto" to recognise each message. Appends to `to`: records, or one rejection
// that holds the whole message. A blank message gives nothing. Bytes that are no UTF-8 become U+FFFD, so that
// one of them cannot hide a message.
void normalise_message(std::string_view source, std::string_view message, std::size_t index,
                       const Options& options, Normalised& to);

}  // namespace tocsin::ingest
