#pragma once
// A file's events, in chunks: what threads hand one another. JSON (event_cutter.h) or a Windows event log
// (evtx/evtx_chunk.h), whose lines are the numbers of its records.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "detect/scan/event_cutter.h"
#include "detect/scan/unpacked_file.h"

namespace tocsin::detect {

struct EventChunk {
  std::string text;  // simdjson::SIMDJSON_PADDING bytes more than the events need
  std::vector<CutEvent> events;
  std::string evtx;  // a chunk of a Windows event log, which read_evtx() makes into events

  // Where there is one. For the thread that judges the events: this takes longer than reading the file.
  void read_evtx();
};

// Holds at most twice EventCutter::kMaxEventBytes, whatever the size of the file. One thread at a time.
class EventFile {
 public:
  static Result<EventFile> open(const std::string& file, std::stop_token stop,
                                std::atomic<std::uint64_t>& bytes_read);

  // The next events; false when there are none after these. An error says why the rest cannot be read; the
  // chunk then holds what stood before. kUnsupported for UTF-16.
  Result<bool> next(EventChunk& chunk);

 private:
  explicit EventFile(std::unique_ptr<UnpackedFile> bytes) : bytes_(std::move(bytes)) {}

  Result<void> begin();
  void next_json(EventChunk& chunk);
  void next_evtx(EventChunk& chunk);
  void append_pieces(std::string& text, std::size_t wanted);

  std::unique_ptr<UnpackedFile> bytes_;
  EventCutter cutter_;
  std::string left_over_;
  std::optional<Error> fault_;
  bool has_begun_ = false;
  bool is_evtx_ = false;
  bool is_at_end_ = false;
};

}  // namespace tocsin::detect
