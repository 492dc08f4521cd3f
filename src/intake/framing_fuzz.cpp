// Any bytes, cut anywhere: messages are bounded and the same as without the cuts; their headers are read.

#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "ingest/message.h"
#include "ingest/syslog_message.h"
#include "intake/framing.h"

namespace {

using tocsin::intake::FrameReader;
using tocsin::intake::Framing;

constexpr std::size_t kLimit = 512;

void check(bool holds) {
  if (!holds) std::abort();
}

struct Read {
  std::vector<std::string> messages;
  bool whole = true;
};

Read read(Framing framing, std::string_view stream, std::size_t piece) {
  Read result;
  FrameReader reader(framing, kLimit);
  const auto each = [&](std::string_view message, bool) {
    check(!message.empty() && message.size() <= kLimit);
    result.messages.emplace_back(message);
  };
  for (std::size_t at = 0; at < stream.size() && result.whole; at += piece) {
    result.whole = reader.push(stream.substr(at, piece), each);
  }
  reader.finish(each);
  return result;
}

bool inside(std::string_view part, std::string_view whole) {
  return part.empty() ||
         (part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size());
}

void read_header(std::string_view message) {
  const auto header =
      tocsin::ingest::read_syslog(message, {tocsin::from_unix_nanos(1'767'225'600'000'000'000)});
  for (const auto part :
       {header.host, header.app, header.process_id, header.message_id, header.structured_data, header.text}) {
    check(inside(part, message));
  }
  check(!header.priority || (*header.priority >= 0 && *header.priority <= 191));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const auto framing = static_cast<Framing>(data[0] % 3);
  const std::string_view stream(reinterpret_cast<const char*>(data + 2), size - 2);
  const auto whole = read(framing, stream, stream.size() + 1);
  const auto pieces = read(framing, stream, data[1] % 32U + 1);
  check(whole.whole == pieces.whole);
  // Where a count is wrong, how much of the rest has come depends on the pieces.
  if (whole.whole) check(whole.messages == pieces.messages);
  for (const auto& message : pieces.messages) {
    read_header(message);
    tocsin::ingest::Normalised normalised;
    tocsin::ingest::normalise_message("auto", message, 0, {}, normalised);
    check(normalised.records.size() + normalised.rejections.size() <= message.size());
  }
  return 0;
}
