#pragma once
// Finds the events in a JSON file that comes in pieces. Pure.
//
//   a line each                      JSON lines; the usual case, and whatever is not one of the next
//   [{…}, {…}]                       an array, or several
//   {"Records": [{…}, {…}]}          what AWS delivers, or "records", as Azure writes it; or several
//   {⏎  …                            objects on any number of lines, one after the other
//
// Which of them a file is, its beginning tells.

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace tocsin::detect {

struct CutEvent {
  std::size_t offset = 0;  // in the text that was given
  std::size_t size = 0;
  std::uint64_t line = 1;       // where it begins, from 1
  const char* fault = nullptr;  // set: this is no event, and why
};

class EventCutter {
 public:
  static constexpr std::size_t kMaxEventBytes = 16U << 20;
  static constexpr std::size_t kMaxEvents = 4096;  // that one call gives

  // `text` begins with what the call before left over; `last` when nothing comes after it. Returns how many
  // of its bytes are dealt with. Nothing dealt with: more is needed, or `text` is empty; never asks for more
  // when it has kMaxEventBytes.
  std::size_t cut(std::string_view text, bool last, std::vector<CutEvent>& events);

 private:
  enum class Layout : std::uint8_t { kUnknown, kLines, kValues };
  struct Cut {
    std::string_view text;
    bool last;
    std::vector<CutEvent>& events;
    std::size_t at = 0;

    std::string_view rest() const { return text.substr(at); }
    bool is_done() const { return at == text.size() || events.size() >= kMaxEvents; }
  };
  bool find_layout(Cut& cut);
  void pass(Cut& cut, std::size_t bytes);
  void pass_blanks(Cut& cut);
  void pass_lost(Cut& cut);
  void give_up(Cut& cut, std::size_t bytes, const char* fault);
  // False when the text ends too early.
  bool next_line(Cut& cut);
  bool next_value(Cut& cut);
  bool next_object(Cut& cut);
  bool end_wrapper(Cut& cut);

  Layout layout_ = Layout::kUnknown;
  std::uint64_t line_ = 1;
  std::size_t arrays_ = 0;  // that are open
  bool has_begun_ = false;
  bool in_wrapper_ = false;  // inside of {"Records": …}
  bool is_lost_ = false;     // up to the end of the line
};

}  // namespace tocsin::detect
