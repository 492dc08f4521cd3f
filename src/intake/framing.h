#pragma once
// Cuts the byte stream of one connection into messages (RFC 6587): octet counting ("83 <13>…") or lines.
//
// Pure; one per connection. Holds at most one message of `max_message_bytes`; what a longer one has beyond
// that is dropped and the message is handed over as cut.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace tocsin::intake {

// kAuto decides at the first bytes: a count, a blank and '<' is octet counting, everything else is lines.
enum class Framing : std::uint8_t { kAuto, kOctetCounting, kLines };

class FrameReader {
 public:
  FrameReader(Framing framing, std::size_t max_message_bytes)
      : framing_(framing), max_bytes_(max_message_bytes) {}

  // Calls each(std::string_view message, bool cut) for every message that `bytes` completes, in order; the
  // view holds during the call. Lines end with LF, CR LF or NUL, which are not part of them; empty ones are
  // passed over. False when a count is not a number: where the next message begins is then unknown, and the
  // connection has to end. The rest of `bytes` has been handed over as one message that is cut.
  template <class Each>
  bool push(std::string_view bytes, Each each) {
    while (!bytes.empty()) {
      const auto step = advance(bytes);
      bytes.remove_prefix(step.used);
      if (!step.message.empty()) each(step.message, step.cut);
      if (step.message_done) held_.clear();
      if (broken_) return false;
    }
    return true;
  }

  // The stream has ended: what is left of an unfinished message. A last line needs no line end.
  template <class Each>
  void finish(Each each) {
    const auto step = last();
    if (!step.message.empty()) each(step.message, step.cut);
    held_.clear();
  }

  Framing framing() const noexcept { return framing_; }

 private:
  struct Step {
    std::size_t used = 0;
    std::string_view message = {};
    bool cut = false;
    bool message_done = false;  // `message` may point into held_
  };
  Step advance(std::string_view bytes);
  Step decide(std::string_view bytes);
  Step read_line(std::string_view bytes);
  Step read_count(std::string_view bytes);
  Step read_counted(std::string_view bytes);
  Step broken(std::string_view rest, std::size_t used);
  Step last();
  void hold(std::string_view part);

  Framing framing_;
  std::size_t max_bytes_;
  std::string held_;         // begin of the message that is being read, or of its count
  std::size_t missing_ = 0;  // octets of the counted message that are still to come; 0: a count comes next
  bool overflown_ = false;   // the message is longer than max_bytes_
  bool broken_ = false;
};

}  // namespace tocsin::intake
