#pragma once
// What Windows' event ids mean (Microsoft's documentation of the security audit events, Sysmon, Defender …).

#include <string_view>

#include "ingest/fields.h"

namespace tocsin::ingest {

// Which log an id belongs to: the same number means different things elsewhere.
enum class WindowsLog {
  kSecurity,
  kSystem,
  kSysmon,
  kDefender,
  kPowerShell,
  kRemoteDesktop,
  kTaskScheduler,
  kWmi,
  kAppLocker,
};

struct WindowsEventMeaning {
  WindowsLog log;
  int id;
  std::string_view title;
};

int windows_event_id(const Fields& event);
// Null when the id is not known in its log.
const WindowsEventMeaning* find_windows_meaning(const Fields& event);

}  // namespace tocsin::ingest
