#include "detect/evtx/evtx_chunk.h"

#include <zlib.h>

#include <algorithm>
#include <optional>

#include "detect/evtx/event_json.h"

namespace tocsin::detect {
namespace {

constexpr std::string_view kChunkMagic{"ElfChnk\0", 8};
constexpr std::string_view kRecordMagic{"**\0\0", 4};
constexpr std::size_t kRecordsBegin = 512;
constexpr std::size_t kRecordHead = 24;
constexpr std::size_t kSizeBytes = 4;  // the size stands at a record's end again

std::uint32_t checksum_of(std::string_view one, std::string_view two = {}) {
  uLong sum = 0;
  for (const auto part : {one, two}) {
    // zlib takes no bytes at a null pointer for "begin anew".
    if (part.empty()) continue;
    sum = crc32(sum, reinterpret_cast<const Bytef*>(part.data()), static_cast<uInt>(part.size()));
  }
  return static_cast<std::uint32_t>(sum);
}

struct ChunkHead {
  std::uint64_t first_id = 0;
  std::size_t free_space = 0;  // where it begins
  std::uint32_t data_sum = 0;
  std::uint32_t head_sum = 0;
};

ChunkHead read_head(std::string_view chunk) {
  ChunkHead head;
  head.first_id = ByteReader(chunk, 24).number<std::uint64_t>();
  head.free_space = ByteReader(chunk, 48).number<std::uint32_t>();
  head.data_sum = ByteReader(chunk, 52).number<std::uint32_t>();
  head.head_sum = ByteReader(chunk, 124).number<std::uint32_t>();
  return head;
}

bool is_intact(std::string_view chunk, const ChunkHead& head) {
  if (head.free_space < kRecordsBegin || head.free_space > chunk.size()) return false;
  return head.head_sum == checksum_of(chunk.substr(0, 120), chunk.substr(128, kRecordsBegin - 128)) &&
         head.data_sum == checksum_of(chunk.substr(kRecordsBegin, head.free_space - kRecordsBegin));
}

struct Place {
  std::size_t begin = 0, end = 0;
  std::uint64_t id = 0;
};

// The record that begins there, when one does.
std::optional<Place> record_at(std::string_view chunk, std::size_t at) {
  if (!chunk.substr(at).starts_with(kRecordMagic)) return std::nullopt;
  ByteReader in(chunk, at + kRecordMagic.size());
  const std::size_t size = in.number<std::uint32_t>();
  const auto id = in.number<std::uint64_t>();
  if (!in.ok() || size < kRecordHead + kSizeBytes || size > chunk.size() - at) return std::nullopt;
  const auto copy = ByteReader(chunk, at + size - kSizeBytes).number<std::uint32_t>();
  if (copy != size) return std::nullopt;
  return Place{at, at + size, id};
}

class ChunkReader {
 public:
  ChunkReader(std::string_view chunk, std::string& text, std::vector<EvtxRecord>& records)
      : chunk_(chunk),
        head_(read_head(chunk)),
        xml_(chunk),
        text_(text),
        records_(records),
        id_(head_.first_id) {}

  void read() {
    const bool is_whole = is_intact(chunk_, head_);
    if (!is_whole) add_fault("a chunk whose checksum is wrong");
    auto at = kRecordsBegin;
    const auto end = is_whole ? head_.free_space : chunk_.size();
    while (at < end) at = read_at(at, is_whole);
    // The head of a chunk that was being written to is older than its records.
    while (is_next(at)) at = read_at(at, is_whole);
  }

 private:
  // Returns where to go on.
  std::size_t read_at(std::size_t at, bool is_whole) {
    const auto place = record_at(chunk_, at);
    if (!place) return pass_damage(at, is_whole);
    if (is_stale(*place)) return chunk_.size();
    id_ = place->id;
    has_record_ = true;
    const auto event = xml_.read(place->begin + kRecordHead, place->end - kSizeBytes);
    if (event) {
      const auto begin = text_.size();
      append_event_json(text_, *event);
      records_.push_back({id_, begin, text_.size() - begin});
    } else {
      add_fault("a record that is damaged");
    }
    ++id_;
    return place->end;
  }

  std::size_t pass_damage(std::size_t at, bool is_whole) {
    for (auto next = chunk_.find(kRecordMagic, at + 1); next != chunk_.npos;
         next = chunk_.find(kRecordMagic, next + 1)) {
      const auto place = record_at(chunk_, next);
      if (!place) continue;
      if (!is_stale(*place)) add_fault("bytes that are no record");
      return next;
    }
    // Nothing behind it is the usual end of a chunk that was being written to.
    if (is_whole) add_fault("bytes that are no record");
    return chunk_.size();
  }

  bool is_next(std::size_t at) const {
    const auto place = at < chunk_.size() ? record_at(chunk_, at) : std::nullopt;
    return place && has_record_ && place->id == id_;
  }

  // What an earlier use of the chunk left behind the last record.
  bool is_stale(const Place& place) const {
    return place.begin >= head_.free_space && has_record_ && place.id < id_;
  }

  void add_fault(const char* why) { records_.push_back({id_, text_.size(), 0, why}); }

  std::string_view chunk_;
  const ChunkHead head_;
  BinaryXml xml_;
  std::string& text_;
  std::vector<EvtxRecord>& records_;
  std::uint64_t id_;  // of the record that is expected
  bool has_record_ = false;
};

}  // namespace

std::size_t evtx_head_block(std::string_view head) {
  constexpr std::size_t kUsual = 4096;
  const std::size_t size = ByteReader(head, 40).number<std::uint16_t>();
  return size >= kEvtxHeadBytes ? size : kUsual;
}

void read_evtx_chunk(std::string_view chunk, std::string& text, std::vector<EvtxRecord>& records) {
  if (std::all_of(chunk.begin(), chunk.end(), [](char c) { return c == '\0'; })) return;
  if (!chunk.starts_with(kChunkMagic) || chunk.size() <= kRecordsBegin) {
    records.push_back({0, text.size(), 0, "bytes that are no chunk of an event log"});
    return;
  }
  if (chunk.size() < kEvtxChunkBytes) records.push_back({0, text.size(), 0, "a chunk that is cut off"});
  ChunkReader(chunk, text, records).read();
}

}  // namespace tocsin::detect
