// Any export of closed alerts, cut anywhere on its way: every alert is sound and closed, every rejection says
// why, and the pieces change nothing.

#include <vector>

#include "ingest/fuzz_support.h"
#include "ingest/history/history_reader.h"

namespace {

using namespace tocsin::ingest;

void check_chunk(const HistoryChunk& chunk, const Options& options) {
  fuzz::check(chunk.items > 0);
  for (const auto& closed : chunk.alerts) {
    fuzz::check_alert(closed.alert);
    fuzz::check(closed.verdict != tocsin::model::Verdict::kUndecided && closed.line > 0);
    fuzz::check(closed.alert.occurred_at < options.now);
    fuzz::check(!closed.closed_at || *closed.closed_at >= closed.alert.occurred_at);
    fuzz::check(!closed.minutes || (*closed.minutes >= 0 && *closed.minutes <= 24 * 60));
  }
  for (const auto& rejection : chunk.rejections) fuzz::check(rejection.line > 0 && !rejection.reason.empty());
}

std::vector<std::uint64_t> read_in_pieces(std::string_view text, std::size_t piece, std::string_view source,
                                          const Options& options, std::size_t& outcomes) {
  std::vector<std::uint64_t> hashes;
  auto reader = HistoryReader::create(text, source, options);
  if (!reader) return hashes;
  HistoryChunk chunk;
  const auto take = [&] {
    while (reader->next(chunk)) {
      check_chunk(chunk, options);
      outcomes += chunk.alerts.size() + chunk.rejections.size() + chunk.undecided;
      hashes.push_back(chunk.content_hash);
    }
  };
  for (; !text.empty(); text.remove_prefix(std::min(piece, text.size()))) {
    reader->feed(text.substr(0, piece));
    take();
  }
  reader->finish();
  take();
  return hashes;
}

}  // namespace

// The first byte says how the file is cut, and the second which source is asked for.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  constexpr std::string_view kSources[] = {"auto", "auto", "microsoft-sentinel", "splunk"};
  const std::string_view text(reinterpret_cast<const char*>(data) + 2, size - 2);
  const auto options = fuzz::options();
  const auto source = kSources[data[1] % std::size(kSources)];
  std::size_t whole = 0;
  std::size_t cut = 0;
  const auto first = read_in_pieces(text, text.size(), source, options, whole);
  const auto again = read_in_pieces(text, 1U + data[0], source, options, cut);
  fuzz::check(first == again && whole == cut);
  return 0;
}
