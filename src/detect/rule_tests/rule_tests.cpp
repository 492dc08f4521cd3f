#include "detect/rule_tests/rule_tests.h"

#include <simdjson.h>

#include <algorithm>
#include <iterator>
#include <map>

#include "detect/baseline/baselines.h"
#include "detect/correlation/correlator.h"
#include "detect/match/matcher.h"
#include "detect/match/plain_match.h"
#include "detect/rule_tests/test_case.h"
#include "detect/sigma/interpreter.h"
#include "detect/source/event_data.h"
#include "detect/source/event_values.h"

namespace tocsin::detect {
namespace {

struct TestedDocument {
  std::string file;
  sigma::Position at;
  bool is_correlation = false;
  std::vector<RuleTest> tests;
};

// Takes the tests out of the documents while their rules are loaded.
class Collector {
 public:
  sigma::LoadOptions listening(sigma::LoadOptions options) {
    options.on_document = [this](const sigma::Yaml& document, const std::string& file) {
      add(document, file);
    };
    return options;
  }

  std::vector<TestedDocument> documents;
  std::vector<Error> faults;

 private:
  void add(const sigma::Yaml& document, const std::string& file) {
    auto tests = parse_tests(document);
    if (!tests) return refuse(file, std::move(tests).error());
    for (const auto& test : *tests) {
      for (const auto& event : test.events) bytes_ += event.json.size() + sizeof(TestEvent);
    }
    if (bytes_ > kMaxBytes) {
      return refuse(file, sigma::fault(document.at, "the tests up to here hold more than 256 MiB of events",
                                       "Test fewer files at once."));
    }
    documents.push_back({file, document.at, document.find("correlation") != nullptr, *std::move(tests)});
  }

  void refuse(const std::string& file, Error wrong) {
    wrong.where = file + ':' + wrong.where;
    faults.push_back(std::move(wrong));
  }

  static constexpr std::size_t kMaxBytes = std::size_t{256} << 20;
  std::size_t bytes_ = 0;
};

std::string padded(std::string_view json) {
  std::string text;
  if (!append_named_data(json, text)) text = json;
  text.reserve(text.size() + simdjson::SIMDJSON_PADDING);
  return text;
}

std::string numbered(std::size_t place, std::size_t count) {
  return count == 1 ? "the event" : "event " + std::to_string(place + 1);
}

Error says(std::string message, std::string hint = {}) {
  return error(ErrorKind::kInvalidInput, "test Sigma rule", std::move(message), std::move(hint));
}

class TestRun {
 public:
  TestRun(sigma::RuleSet set, Collector collected)
      : set_(std::move(set)),
        documents_(std::move(collected.documents)),
        plan_(BaselineSet::built_in(), set_.rules),
        matcher_(with_probes(set_.rules, plan_), SourceTable::built_in()),
        scratch_(matcher_) {
    report_.files = set_.files;
    report_.faults = std::move(set_.refusals);
    report_.faults.insert(report_.faults.end(), std::make_move_iterator(collected.faults.begin()),
                          std::make_move_iterator(collected.faults.end()));
    for (std::size_t i = 0; i < set_.rules.size(); ++i) places_[{set_.rules[i].file, set_.rules[i].at}] = i;
    for (std::size_t i = 0; i < set_.correlations.size(); ++i) {
      auto& correlation = set_.correlations[i];
      places_[{correlation.file, correlation.at}] = i;
      correlation.generate = true;  // those that others refer to are asked as well
    }
  }

  TestReport run() && {
    for (const auto& document : documents_) {
      const auto place = places_.find({document.file, document.at});
      if (place == places_.end()) continue;  // a correlation whose references are not here: refused above
      ++report_.rules;
      expect_both_kinds(document);
      for (const auto& test : document.tests) {
        ++report_.tests;
        auto wrong =
            document.is_correlation ? judge_sequence(test, place->second) : judge_events(test, place->second);
        if (!wrong) continue;
        ++report_.failed;
        add_fault(document, test.at, "the test '" + test.name + "' fails: " + wrong->message, wrong->hint);
      }
    }
    return std::move(report_);
  }

 private:
  using Matches = std::vector<std::uint32_t>;

  void add_fault(const TestedDocument& document, sigma::Position at, std::string message, std::string hint) {
    auto wrong = says(std::move(message), std::move(hint));
    wrong.where = document.file + ':' + to_string(at);
    report_.faults.push_back(std::move(wrong));
  }

  void expect_both_kinds(const TestedDocument& document) {
    for (const bool match : {true, false}) {
      const auto is_it = [match](const RuleTest& test) { return test.expects_match == match; };
      if (std::any_of(document.tests.begin(), document.tests.end(), is_it)) continue;
      add_fault(document, document.at,
                std::string("the rule has no test that expects ") + (match ? "a match" : "none"),
                match ? "Add an event that it is for." : "Add the harmless event that is nearest to it.");
    }
  }

  static std::vector<sigma::Rule> with_probes(std::vector<sigma::Rule> rules, const BaselinePlan& plan) {
    auto probes = plan.probe_rules();
    rules.insert(rules.end(), std::make_move_iterator(probes.begin()), std::make_move_iterator(probes.end()));
    return rules;
  }

  // Of an event of the test, which baselines then have seen.
  Result<Matches> matches_of(const RuleTest& test, std::size_t place, const std::string& padded_json,
                             Baselines& baselines) {
    TOCSIN_TRY(fast, matcher_.match(padded_json, test.source, scratch_));
    TOCSIN_TRY(plain, match_plainly(padded_json, test.source, matcher_.rules(), SourceTable::built_in()));
    if (!std::equal(fast.begin(), fast.end(), plain.begin(), plain.end()))
      return says("has other matches than the plain interpreter finds", "This is a bug of the program.");
    const auto first_probe =
        std::lower_bound(plain.begin(), plain.end(), static_cast<std::uint32_t>(set_.rules.size()));
    Matches probes(first_probe, plain.end());
    plain.erase(first_probe, plain.end());
    for (auto& probe : probes) probe -= static_cast<std::uint32_t>(set_.rules.size());
    if (!probes.empty()) ask_readers(test, place, padded_json, probes, baselines, plain);
    return plain;
  }

  // The rules that read a baseline, with what it says of the event.
  void ask_readers(const RuleTest& test, std::size_t place, const std::string& padded_json,
                   const Matches& probes, Baselines& baselines, Matches& matches) {
    simdjson::dom::parser parser;
    const auto document = parser.parse(padded_json).value();  // the matcher could read it
    const auto views = SourceTable::built_in().recognise(document, test.source);
    const SeenEvent seen(document, views);
    model::Event event;
    event.seq = static_cast<model::Seq>(place);
    event.occurred_at = event.received_at = kStart + test.events[place].at;
    std::vector<BaselineReading> readings;
    baselines.observe(event, probes, views, seen.views(), readings);
    for (const auto& [watch, reading] : readings) {
      for (const auto reader : watch->readers) {
        std::erase(matches, reader);
        const auto& rule = set_.rules[reader];
        for (std::size_t i = 0; i < views.size(); ++i) {
          if (!may_see(rule.log_source, views[i].provenance) ||
              !sigma::matches(rule, BaselinedEvent(seen.views()[i], readings)))
            continue;
          matches.push_back(reader);
          break;
        }
      }
    }
    std::sort(matches.begin(), matches.end());
  }

  // What is wrong with the answers for these events.
  std::optional<Error> judge_events(const RuleTest& test, std::size_t rule) {
    Baselines baselines(plan_, {});
    for (std::size_t i = 0; i < test.events.size(); ++i) {
      const auto json = padded(test.events[i].json);
      const auto name = i < test.history ? numbered(i, 0) + " of the history"
                                         : numbered(i - test.history, test.events.size() - test.history);
      const auto matches = matches_of(test, i, json, baselines);
      if (!matches) return says(name + ": " + matches.error().message, matches.error().hint);
      if (i < test.history) continue;
      const bool matched = std::binary_search(matches->begin(), matches->end(), rule);
      if (matched == test.expects_match) continue;
      if (matched) return says(name + " matches");
      if (!sees(json, test.source, set_.rules[rule].log_source))
        return says(name + " is not of the rule's log source",
                    "See docs/logsources.md for how events are recognised.");
      return says(name + " does not match");
    }
    return std::nullopt;
  }

  static bool sees(const std::string& json, const LogSource& given, const LogSource& wanted) {
    simdjson::dom::parser parser;
    const auto views = SourceTable::built_in().recognise(parser.parse(json).value(), given);
    return std::any_of(views.begin(), views.end(),
                       [&](const View& view) { return may_see(wanted, view.provenance); });
  }

  std::optional<Error> judge_sequence(const RuleTest& test, std::size_t correlation) {
    auto hits = hits_of(test);
    if (!hits) return std::move(hits).error();
    const bool fired = std::any_of(hits->begin(), hits->end(), [correlation](const CorrelationHit& hit) {
      return hit.correlation == correlation;
    });
    if (fired == test.expects_match) return std::nullopt;
    return says(fired ? "the sequence matches" : "the sequence does not match");
  }

  Result<std::vector<CorrelationHit>> hits_of(const RuleTest& test) {
    CorrelatorOptions options;
    options.max_keys = options.max_keys_per_correlation = kMaxTestEvents;
    options.max_observations = kMaxObservations;
    TOCSIN_TRY(correlator, Correlator::create(set_, options));
    std::vector<CorrelationHit> hits;
    Baselines baselines(plan_, {});
    for (std::size_t i = 0; i < test.events.size(); ++i) {
      const auto json = padded(test.events[i].json);
      auto matches = matches_of(test, i, json, baselines);
      if (!matches)
        return says(numbered(i, test.events.size()) + ": " + matches.error().message, matches.error().hint);
      simdjson::dom::parser parser;
      const auto event = parser.parse(json).value();  // the matcher could read it
      const auto views = SourceTable::built_in().recognise(event, test.source);
      const SeenEvent fields(event, views);
      MatchedEvent matched;
      matched.at = kStart + test.events[i].at;
      matched.seq = static_cast<model::Seq>(i);
      matched.rules = *matches;
      matched.fields = &fields;
      correlator.apply(matched, hits);
    }
    return hits;
  }

  // Each event may be seen by several correlations that refer to its rules.
  static constexpr std::size_t kMaxObservations = 16 * kMaxTestEvents;
  static constexpr Timestamp kStart{std::chrono::sys_days(std::chrono::year(2026) / 1 / 5)};

  sigma::RuleSet set_;
  std::vector<TestedDocument> documents_;
  BaselinePlan plan_;
  RuleMatcher matcher_;
  RuleMatcher::Scratch scratch_;
  std::map<std::pair<std::string, sigma::Position>, std::size_t> places_;
  TestReport report_;
};

}  // namespace

TestReport test_rules(std::span<const std::filesystem::path> paths, const sigma::LoadOptions& options) {
  Collector collector;
  auto set = sigma::RuleSet::load(paths, collector.listening(options));
  return TestRun(std::move(set), std::move(collector)).run();
}

TestReport test_rules(std::span<const sigma::RuleText> texts, const sigma::LoadOptions& options) {
  Collector collector;
  auto set = sigma::RuleSet::parse(texts, collector.listening(options));
  return TestRun(std::move(set), std::move(collector)).run();
}

}  // namespace tocsin::detect
