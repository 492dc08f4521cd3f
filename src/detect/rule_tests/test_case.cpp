#include "detect/rule_tests/test_case.h"

#include <algorithm>

#include "detect/rule_tests/event_json.h"
#include "detect/sigma/document.h"
#include "detect/sigma/number.h"

namespace tocsin::detect {
namespace {

using sigma::fault;
using sigma::Yaml;
using std::chrono::seconds;

constexpr std::string_view kNumberMark = "%n";

Result<void> expect_keys(const Yaml& map, std::initializer_list<std::string_view> keys) {
  for (const auto& member : map.members) {
    if (std::find(keys.begin(), keys.end(), member.key) != keys.end()) continue;
    std::string known;
    for (const auto key : keys) known += (known.empty() ? "" : ", ") + std::string(key);
    return fault(member.at, "a test has no '" + member.key + "'", "One of " + known + ".");
  }
  return {};
}

// What the tests of one document have taken so far.
struct Taken {
  std::size_t events = 0;
  std::size_t bytes = 0;
};

// The lists `events` and `sequence` become events at their times.
class EventList {
 public:
  EventList(std::vector<TestEvent>& out, Taken& taken) : out_(out), taken_(taken) {}

  Result<void> add_event(const Yaml& written) { return add(written, seconds(1), std::nullopt); }

  Result<void> add_step(const Yaml& written) {
    if (!written.is_map()) return fault(written.at, "a step is a map with an 'event'");
    TOCSIN_CHECK(expect_keys(written, {"event", "after", "times", "every"}));
    TOCSIN_TRY(event, sigma::needed_map_of(written, "event"));
    TOCSIN_TRY(after, span_of(written, "after"));
    TOCSIN_TRY(every, span_of(written, "every"));
    TOCSIN_TRY(times, times_of(written));
    for (std::int64_t i = 0; i < times; ++i) TOCSIN_CHECK(add(*event, i == 0 ? after : every, i + 1));
    return {};
  }

 private:
  static Result<seconds> span_of(const Yaml& step, std::string_view key) {
    if (step.find(key) == nullptr) return seconds(1);
    return sigma::timespan_of(step, key);
  }

  static Result<std::int64_t> times_of(const Yaml& step) {
    const auto* written = step.find("times");
    if (written == nullptr) return std::int64_t{1};
    const auto number = sigma::parse_number(written->text);
    const auto* times = number ? std::get_if<std::int64_t>(&*number) : nullptr;
    if (times == nullptr || *times < 1 || *times > static_cast<std::int64_t>(kMaxTestEvents))
      return fault(written->at, "'times' is a number from 1 to 10,000");
    return *times;
  }

  Result<void> add(const Yaml& event, seconds after, std::optional<std::int64_t> number) {
    if (!event.is_map()) return fault(event.at, "an event is a map of its fields");
    auto json = to_json(event);
    if (number) {
      const auto text = std::to_string(*number);
      for (auto mark = json.find(kNumberMark); mark != std::string::npos; mark = json.find(kNumberMark, mark))
        json.replace(mark, kNumberMark.size(), text);
    }
    taken_.bytes += json.size();
    if (++taken_.events > kMaxTestEvents || taken_.bytes > kMaxTestBytes)
      return fault(event.at, "the tests of a rule have at most 10,000 events of 16 MiB together");
    if (!out_.empty()) now_ += after;
    out_.push_back({std::move(json), now_});
    return {};
  }

  std::vector<TestEvent>& out_;
  Taken& taken_;
  seconds now_{0};
};

Result<void> read_events(const Yaml& test, Taken& taken, RuleTest& out) {
  const auto* events = test.find("events");
  const auto* sequence = test.find("sequence");
  if ((events == nullptr) == (sequence == nullptr))
    return fault(test.at, "a test has either 'events' or a 'sequence'");
  const auto* list = events != nullptr ? events : sequence;
  if (!list->is_list() || list->items.empty())
    return fault(list->at, "there are no events here", "List at least one.");
  EventList reader(out.events, taken);
  if (const auto* history = test.find("history")) {
    if (!history->is_list()) return fault(history->at, "'history' is a list of steps");
    for (const auto& item : history->items) TOCSIN_CHECK(reader.add_step(item));
    out.history = out.events.size();
  }
  for (const auto& item : list->items)
    TOCSIN_CHECK(events != nullptr ? reader.add_event(item) : reader.add_step(item));
  return {};
}

Result<LogSource> source_of(const Yaml& test) {
  LogSource source;
  const auto* written = test.find("source");
  if (written == nullptr) return source;
  if (!written->is_map()) return fault(written->at, "'source' is a map of product, category and service");
  TOCSIN_CHECK(expect_keys(*written, {"product", "category", "service"}));
  const auto members = std::to_array<sigma::TextMember>(
      {{"product", &source.product}, {"category", &source.category}, {"service", &source.service}});
  TOCSIN_CHECK(sigma::read_texts(*written, members));
  return source;
}

Result<RuleTest> parse_test(const Yaml& written, Taken& taken) {
  if (!written.is_map()) return fault(written.at, "a test is a map with name, expect and events");
  TOCSIN_CHECK(expect_keys(written, {"name", "expect", "source", "history", "events", "sequence"}));
  RuleTest test;
  test.at = written.at;
  TOCSIN_TRY(name, sigma::needed_text_of(written, "name"));
  test.name = std::move(name);
  TOCSIN_TRY(expect, sigma::needed_text_of(written, "expect"));
  if (expect != "match" && expect != "none")
    return fault(written.find("expect")->at, "'expect' is match or none");
  test.expects_match = expect == "match";
  TOCSIN_TRY(source, source_of(written));
  test.source = std::move(source);
  TOCSIN_CHECK(read_events(written, taken, test));
  return test;
}

}  // namespace

Result<std::vector<RuleTest>> parse_tests(const Yaml& document) {
  std::vector<RuleTest> tests;
  const auto* written = document.find("tests");
  if (written == nullptr) return tests;
  if (!written->is_list()) return fault(written->at, "'tests' is a list");
  Taken taken;
  for (const auto& item : written->items) {
    TOCSIN_TRY(test, parse_test(item, taken));
    tests.push_back(std::move(test));
  }
  return tests;
}

}  // namespace tocsin::detect
