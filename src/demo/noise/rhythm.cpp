#include "demo/noise.h"

namespace tocsin::demo {
namespace {

using std::chrono::days;
using std::chrono::duration_cast;
using std::chrono::hours;

struct Moment {
  int hour;
  int weekday;  // 0 is Sunday
};

Moment moment_of(Timestamp at) {
  const auto day = std::chrono::floor<days>(at);
  const auto weekday = std::chrono::weekday(day);
  return {static_cast<int>(duration_cast<hours>(at - day).count()), static_cast<int>(weekday.c_encoding())};
}

double office(const Moment& moment) {
  static constexpr double kByHour[24] = {0.02, 0.02, 0.02, 0.02, 0.03, 0.08, 0.25, 0.6,
                                         1.0,  1.0,  0.95, 0.85, 0.6,  0.85, 0.95, 0.9,
                                         0.75, 0.45, 0.2,  0.12, 0.1,  0.07, 0.04, 0.03};
  const bool weekend = moment.weekday == 0 || moment.weekday == 6;
  return kByHour[moment.hour] * (weekend ? 0.15 : 1.0);
}

double scan_window(const Moment& moment) {
  const bool night = moment.hour >= 1 && moment.hour < 5;
  return night && (moment.weekday == 2 || moment.weekday == 4 || moment.weekday == 6) ? 1.0 : 0.0;
}

}  // namespace

double intensity(Rhythm rhythm, Timestamp at) {
  const auto moment = moment_of(at);
  switch (rhythm) {
    case Rhythm::kOffice:
      return office(moment);
    case Rhythm::kNight:
      return moment.hour >= 22 || moment.hour < 4 ? 1.0 : 0.05;
    case Rhythm::kScanWindow:
      return scan_window(moment);
    case Rhythm::kAlways:
      break;
  }
  return 0.4;
}

}  // namespace tocsin::demo
