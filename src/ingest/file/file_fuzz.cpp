// Any file, cut anywhere on its way: what it is can be told or not, every record is sound, and the pieces
// change nothing.

#include <vector>

#include "ingest/file/file_reader.h"
#include "ingest/fuzz_support.h"

namespace {

using namespace tocsin::ingest;

std::vector<std::uint64_t> read_in_pieces(std::string_view text, std::size_t piece, const FileShape& shape,
                                          const Options& options, std::size_t& outcomes) {
  std::vector<std::uint64_t> hashes;
  FileReader reader(shape, options);
  FileChunk chunk;
  const auto take = [&] {
    while (reader.next(chunk)) {
      fuzz::check(chunk.items > 0);
      fuzz::check_all(chunk.normalised);
      outcomes += chunk.normalised.records.size() + chunk.normalised.rejections.size();
      hashes.push_back(chunk.content_hash);
    }
  };
  for (; !text.empty(); text.remove_prefix(std::min(piece, text.size()))) {
    reader.feed(text.substr(0, piece));
    take();
  }
  reader.finish();
  take();
  return hashes;
}

}  // namespace

// The first byte says how the file is cut, and the second which source is asked for.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  constexpr std::string_view kSources[] = {"auto", "generic",          "suricata",    "syslog",
                                           "zeek", "windows-eventlog", "aws-vpcflow", "splunk"};
  const std::string_view text(reinterpret_cast<const char*>(data) + 2, size - 2);
  const auto options = fuzz::options();
  const auto shape = find_file_shape(text, kSources[data[1] % std::size(kSources)], options);
  if (!shape) return 0;
  fuzz::check(shape->confidence >= 0 && shape->confidence <= 1 && !shape->why.empty());
  std::size_t whole = 0;
  std::size_t cut = 0;
  const auto first = read_in_pieces(text, text.size(), *shape, options, whole);
  const auto again = read_in_pieces(text, 1U + data[0], *shape, options, cut);
  fuzz::check(first == again && whole == cut);
  return 0;
}
