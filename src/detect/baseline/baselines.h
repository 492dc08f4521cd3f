#pragma once
// What is usual for users, hosts and addresses, learned from the events themselves, as fields that rules
// read.
//
//   in    events in order of seq, each with the probes that match it
//   out   readings: what each baseline says of the event, judged by those before it
//
// Only baselines that some rule reads are learned. An event's time is its own, but not after it was received:
// nobody can make a past that is still to come. Values are known by hashes with a secret and compared as
// Sigma does, without case; of a list the first counts.
//
// Not thread-safe: one owner per tenant. Memory is that of baseline_memory.h for each baseline.

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "detect/baseline/definition.h"
#include "detect/source/event_values.h"
#include "model/event.h"

namespace tocsin::detect {

// What of the baselines a set of rules reads.
class BaselinePlan {
 public:
  BaselinePlan(const BaselineSet& baselines, std::span<const sigma::Rule> rules);

  struct Watch {
    BaselineDefinition definition;
    std::vector<std::uint32_t> readers;  // places of the rules that read it, ascending
  };
  struct Probe {
    std::uint32_t watch = 0;
    std::uint32_t source = 0;  // place in its definition's sources
  };
  const std::vector<Watch>& watches() const noexcept { return watches_; }
  const std::vector<Probe>& probes() const noexcept { return probes_; }
  // The rules that tell which events they are for, in the order of probes().
  std::vector<sigma::Rule> probe_rules() const;
  const BaselineSource& source_of(const Probe& probe) const {
    return watches_[probe.watch].definition.sources[probe.source];
  }

 private:
  std::vector<Watch> watches_;
  std::vector<Probe> probes_;
};

struct BaselineReading {
  const BaselinePlan::Watch* watch = nullptr;
  Reading reading;
};

struct BaselineOptions {
  BaselineBounds bounds{};   // of each baseline
  std::uint64_t secret = 0;  // of what is learned from now on; kept with it
};

class Baselines {
 public:
  // Borrows the plan.
  Baselines(const BaselinePlan& plan, const BaselineOptions& options);

  // `probes`: places in BaselinePlan::probes() of those that match the event, ascending. Events that a
  // baseline has learned already give no reading of it.
  void observe(const model::Event& event, std::span<const std::uint32_t> probes,
               const std::vector<View>& views, const std::vector<ViewedEvent>& viewed,
               std::vector<BaselineReading>& out);
  // All events up to here count as learned.
  void advance(model::Seq seq);
  // The first event that some baseline has not learned; absent when there are no baselines.
  std::optional<model::Seq> learned_until() const;

  // What was learned under the same definition.
  void adopt(Baselines&& before);
  // Baselines that learned something since mark_saved(), by name, as text for restore().
  std::map<std::string, std::string> changed() const;
  void mark_saved();
  // `until`: all that it learned up to there is in the text. kInvalidSyntax for what changed() did not write;
  // kNotFound when there is no such baseline, or it is defined otherwise now. It is then as it was.
  Result<void> restore(std::string_view name, std::string_view text, model::Seq until);
  std::vector<std::string> names() const;
  bool has_past(std::string_view name) const;
  // Those without a past begin after this event.
  void start_after(model::Seq seq);

  BaselineStats stats(std::string_view name) const;

 private:
  struct Learned {
    BaselineMemory memory;
    std::uint64_t secret = 0;
    model::Seq until = -1;  // learned up to here; -1: nothing yet
    bool is_changed = false;
  };
  std::size_t place_of(std::string_view name) const;  // learned_.size() when there is none

  const BaselinePlan& plan_;
  BaselineOptions options_;
  std::vector<Learned> learned_;  // by place in plan_.watches()
};

// An event together with what baselines say of it.
class BaselinedEvent : public sigma::Event {
 public:
  // Borrows both.
  BaselinedEvent(const sigma::Event& event, std::span<const BaselineReading> readings)
      : event_(event), readings_(readings) {}

  const std::vector<sigma::Value>* find(std::string_view field) const override;
  // Of the event alone: keywords are not asked of baselines.
  bool any_value(const std::function<bool(const sigma::Value&)>& visit) const override {
    return event_.any_value(visit);
  }

 private:
  const sigma::Event& event_;
  std::span<const BaselineReading> readings_;
  mutable std::map<std::string, std::vector<sigma::Value>, std::less<>> told_;
};

}  // namespace tocsin::detect
