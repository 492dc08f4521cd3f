#pragma once
// What was promised about incidents: by severity how soon somebody looks and how soon it is closed, in whose
// working hours, and who is told when it was not so. A setting of the tenant; docs/sla.md tells the whole.

#include <array>
#include <string>
#include <vector>

#include "api/body.h"
#include "api/json_writer.h"
#include "model/names.h"
#include "respond/working_time.h"
#include "store/store.h"

namespace tocsin::api {

constexpr std::size_t kMaxSlaCalendars = 20;
constexpr std::size_t kMaxSlaSteps = 10;
constexpr double kMostSlaMinutes = 525'600;  // a year

struct SlaCalendar {
  std::string name;
  std::string time_zone;
  std::vector<respond::WorkingHours> hours;
  std::set<std::chrono::sys_days> holidays;
  respond::WorkingCalendar made;
};
struct SlaPromises {
  double acknowledge_minutes = 0;  // of working time, from when the incident was opened
  double resolve_minutes = 0;
  std::string calendar;  // of `calendars`; empty: around the clock
};
struct SlaStep {
  double after_minutes = 0;  // since the breach, on the clock on the wall
  std::string to;            // a role or a person, as the organisation calls them
};
struct SlaPolicy {
  std::vector<SlaCalendar> calendars;
  std::array<SlaPromises, 5> by_severity;  // info first
  int at_risk_percent = 75;                // of the time used up
  std::vector<SlaStep> escalation;
  std::int64_t version = 0;  // 0: nobody set one, these are the defaults
  std::string set_by;
  Timestamp set_at{};

  const SlaPromises& of(model::Severity severity) const;
  const respond::WorkingCalendar& calendar_of(const SlaPromises& promises) const;
};

// `first_look`: minutes by severity of the configuration, which hold until a policy is set.
using FirstLook = std::array<int, 5>;
SlaPolicy default_sla_policy(const FirstLook& first_look);
// What the body leaves out is as in the defaults; faults are told to the body.
SlaPolicy read_sla_body(Body& body, const FirstLook& first_look);
// kInternal when what is stored is damaged.
Result<SlaPolicy> read_sla_policy(const store::TenantStore& store, const FirstLook& first_look);
Result<void> save_sla_policy(store::TenantStore& store, const SlaPolicy& policy);
void append_sla_policy(std::string& out, const SlaPolicy& policy);

}  // namespace tocsin::api
