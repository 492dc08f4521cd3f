#pragma once
// Windows event log files (.evtx): their head, and the records of a chunk, damaged and unfinished ones
// included.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tocsin::detect {

constexpr std::string_view kEvtxMagic{"ElfFile\0", 8};
constexpr std::size_t kEvtxChunkBytes = 64U << 10;
constexpr std::size_t kEvtxHeadBytes = 128;  // that say something

// Of the block in which the head stands; the chunks follow. `head` has kEvtxHeadBytes.
std::size_t evtx_head_block(std::string_view head);

struct EvtxRecord {
  std::uint64_t id = 0;    // EventRecordID
  std::size_t offset = 0;  // of its JSON in the text
  std::size_t size = 0;
  const char* fault = nullptr;  // set: why it, or this place, cannot be read
};

// Appends the JSON of each record to `text`, in the order in which they lie. A chunk never written to has
// none; one that is cut off, or whose checksum is wrong, is said and read as far as it goes, and reading
// finds its way behind records that are damaged. Time and memory are bounded by BinaryXml::kMaxSteps.
void read_evtx_chunk(std::string_view chunk, std::string& text, std::vector<EvtxRecord>& records);

}  // namespace tocsin::detect
