// What a baseline remembers as text, for the store: a line for each entity, those touched longest ago first,
// followed by a line for each of its values, in the same order. Numbers are decimal, keys hexadecimal.

#include <charconv>
#include <cmath>
#include <concepts>

#include "detect/baseline/baseline_memory.h"

namespace tocsin::detect {
namespace {

constexpr std::string_view kHeader = "baseline 1\n";
constexpr std::string_view kEnd = "end\n";

class LineWriter {
 public:
  explicit LineWriter(std::string& out) : out_(out) {}
  void begin(char kind) { out_ += kind; }
  void key(std::uint64_t key) { put(key, 16); }
  void number(std::integral auto number) { put(number); }
  void number(double number) { put(number); }
  void end() { out_ += '\n'; }

 private:
  template <class Number, class... Form>
  void put(Number number, Form... form) {
    char text[32];
    const auto end = std::to_chars(text, text + sizeof text, number, form...).ptr;
    out_ += ' ';
    out_.append(text, end);
  }
  std::string& out_;
};

// What is wrong with a line is asked once, at its end.
class LineReader {
 public:
  explicit LineReader(std::string_view line) : at_(line.data()), end_(line.data() + line.size()) {}
  void key(std::uint64_t& out) { get(out, 16); }
  template <std::integral Number>
  void number(Number& out) {
    get(out);
  }
  void number(double& out, double least, double most) {
    get(out);
    good_ = good_ && out >= least && out <= most;
  }
  bool is_good() const { return good_ && at_ == end_; }

 private:
  template <class Number, class... Form>
  void get(Number& out, Form... form) {
    if (at_ == end_ || *at_ != ' ') {
      good_ = false;
      return;
    }
    const auto read = std::from_chars(at_ + 1, end_, out, form...);
    good_ = good_ && read.ec == std::errc();
    at_ = read.ptr;
  }
  const char* at_;
  const char* end_;
  bool good_ = true;
};

constexpr double kMost = 1e300;
constexpr double kMostTotal = 1e150;  // its square is below kMost
constexpr std::int64_t kMostMs = std::int64_t{1} << 53;

bool is_time(std::int64_t ms) {
  return ms > -kMostMs && ms < kMostMs;
}

}  // namespace

class MemoryText {
 public:
  using Entity = BaselineMemory::Entity;
  using Value = BaselineMemory::Value;

  static void save(const BaselineMemory& memory, std::string& out) {
    out += kHeader;
    for (const auto* list : {&memory.settled_, &memory.newcomers_}) {
      for (auto place = list->oldest; place != kNoPlace; place = memory.entities_[place].links.newer) {
        const auto& entity = memory.entities_[place];
        write(entity, out);
        for (auto value = entity.values.oldest; value != kNoPlace; value = memory.values_[value].links.newer)
          write(memory.values_[value], out);
      }
    }
    out += kEnd;
  }

  static bool restore(std::string_view text, BaselineMemory& memory) {
    if (!text.starts_with(kHeader) || !text.ends_with(kEnd)) return false;
    text.remove_prefix(kHeader.size());
    auto place = kNoPlace;
    while (text != kEnd) {
      const auto size = text.find('\n');
      if (size == std::string_view::npos) return false;
      if (!read_line(text.substr(0, size), memory, place)) return false;
      text.remove_prefix(size + 1);
    }
    return true;
  }

 private:
  static void write(const Entity& entity, std::string& out) {
    LineWriter line(out);
    line.begin('e');
    line.key(entity.key);
    for (const auto ms : {entity.first_ms, entity.last_ms, entity.complete_since_ms}) line.number(ms);
    line.number(entity.events);
    line.number(entity.volume.hour);
    for (const auto part :
         {entity.volume.total, entity.volume.weight, entity.volume.sum, entity.volume.squares})
      line.number(part);
    line.number(entity.is_settled ? 1 : 0);
    line.number(entity.whereabouts.at ? 1 : 0);
    const auto where = entity.whereabouts.at.value_or(Coordinates{});
    line.number(where.latitude);
    line.number(where.longitude);
    line.number(entity.whereabouts.time_ms);
    line.end();
  }

  static void write(const Value& value, std::string& out) {
    LineWriter line(out);
    line.begin('v');
    line.key(value.key);
    line.number(value.last_ms);
    line.number(value.count);
    line.number(value.intervals.count);
    for (const auto part : {value.intervals.weight, value.intervals.mean, value.intervals.variance})
      line.number(part);
    line.end();
  }

  static bool read_line(std::string_view line, BaselineMemory& memory, Place& place) {
    if (line.starts_with('e')) return read_entity(LineReader(line.substr(1)), memory, place);
    return line.starts_with('v') && place != kNoPlace &&
           read_value(LineReader(line.substr(1)), memory, place);
  }

  static bool read_entity(LineReader line, BaselineMemory& memory, Place& place) {
    Entity read;
    int settled = 0;
    int placed = 0;
    Coordinates where;
    line.key(read.key);
    for (auto* ms : {&read.first_ms, &read.last_ms, &read.complete_since_ms}) line.number(*ms);
    line.number(read.events);
    line.number(read.volume.hour);
    line.number(read.volume.total, 0, kMostTotal);
    line.number(read.volume.weight, 0, 1);
    line.number(read.volume.sum, 0, kMostTotal);
    line.number(read.volume.squares, 0, kMost);
    line.number(settled);
    line.number(placed);
    line.number(where.latitude, -90, 90);
    line.number(where.longitude, -180, 180);
    line.number(read.whereabouts.time_ms);
    constexpr auto kNever = std::numeric_limits<std::int64_t>::min();
    if (!line.is_good() || read.events == 0 || !is_time(read.first_ms) || !is_time(read.last_ms) ||
        !is_time(read.volume.hour) || !is_time(read.whereabouts.time_ms) ||
        (read.complete_since_ms != kNever && !is_time(read.complete_since_ms)) ||
        memory.by_entity_.contains(read.key))
      return false;
    if (memory.by_entity_.size() >= memory.bounds_.entities)
      memory.forget_entity(memory.entity_to_forget(kNoPlace));
    place = memory.add_entity(read.key);
    read.is_settled = settled != 0;
    if (placed != 0) read.whereabouts.at = where;
    memory.entities_[place] = read;
    memory.list_of(read).add_newest(memory.entities_, place);
    return true;
  }

  static bool read_value(LineReader line, BaselineMemory& memory, Place entity) {
    Value read;
    line.key(read.key);
    line.number(read.last_ms);
    line.number(read.count);
    line.number(read.intervals.count);
    line.number(read.intervals.weight, 0, 1 / Intervals::kFade + 1);
    line.number(read.intervals.mean, 0, kMost);
    line.number(read.intervals.variance, 0, kMost);
    if (!line.is_good() || read.count == 0 || !is_time(read.last_ms) ||
        (read.intervals.count > 0 && read.intervals.weight < 1) ||
        memory.find_value(entity, read.key) != nullptr)
      return false;
    memory.make_room_for_value(entity, read.last_ms);
    auto& value = memory.values_[memory.add_value(entity, read.key)];
    value.last_ms = read.last_ms;
    value.count = read.count;
    value.intervals = read.intervals;
    return true;
  }
};

void BaselineMemory::save(std::string& out) const {
  MemoryText::save(*this, out);
}

Result<BaselineMemory> BaselineMemory::restore(std::string_view text, const BaselineTerms& terms,
                                               const BaselineBounds& bounds) {
  BaselineMemory memory(terms, bounds);
  if (MemoryText::restore(text, memory)) return memory;
  return error(ErrorKind::kInvalidSyntax, "read baseline", "the text is not what was saved",
               "It is learned again from the events that are kept.");
}

}  // namespace tocsin::detect
