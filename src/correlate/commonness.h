#pragma once
// How common a key has been lately: how many alerts carried it, and with how many different assets, people
// and addresses. A fixed 48 bytes a key. "Lately" is the current hour and the one before, in the alerts' own
// time.

#include <array>
#include <bit>
#include <cmath>
#include <cstdint>

namespace tocsin::correlate {

class Commonness {
 public:
  struct Usage {
    unsigned alerts = 0;
    unsigned counterparts = 0;  // an estimate, within about a fifth up to 100, at most kMany
  };
  static constexpr unsigned kMany = 266;

  // Around that hour, the alert of the moment not included.
  Usage usage(std::int32_t hour) const {
    if (is_recent(hour)) return usage_of(now_.seen | before_.seen, now_.alerts + before_.alerts);
    if (is_near(past_, hour)) return usage_of(past_.seen, past_.alerts);
    return {};
  }

  // `counterparts`: one bit (chosen by hash) for each other entity that came along.
  void add(std::int32_t hour, std::uint64_t counterparts) {
    auto& slot = slot_for(hour);
    slot.seen |= counterparts;
    ++slot.alerts;
  }

 private:
  struct Slot {
    std::uint64_t seen = 0;
    std::uint32_t alerts = 0;
    std::int32_t hour = 0;
  };

  bool is_recent(std::int32_t hour) const { return now_.alerts == 0 || hour >= now_.hour - 1; }
  static bool is_near(const Slot& slot, std::int32_t hour) {
    return slot.alerts > 0 && std::int64_t{slot.hour} - hour <= 1 && std::int64_t{hour} - slot.hour <= 1;
  }

  // Time moves forward only: an alert that claims to be old must not make a busy key look quiet. Older alerts
  // (an import, a late sensor) have a slot of their own, which follows them in either direction.
  Slot& slot_for(std::int32_t hour) {
    if (!is_recent(hour)) {
      if (!is_near(past_, hour)) past_ = Slot{0, 0, hour};
      return past_;
    }
    if (now_.alerts > 0 && hour == now_.hour - 1) return before_;
    if (now_.alerts == 0 || hour > now_.hour) advance_to(hour);
    return now_;
  }

  void advance_to(std::int32_t hour) {
    before_ = now_.alerts > 0 && hour == now_.hour + 1 ? now_ : Slot{0, 0, hour - 1};
    now_ = Slot{0, 0, hour};
  }

  // Linear counting: n = -64 ln(share of bits still 0).
  static Usage usage_of(std::uint64_t seen, std::uint32_t alerts) {
    static const auto kEstimates = [] {
      std::array<std::uint16_t, 65> table{};
      for (int set = 0; set < 64; ++set) {
        table[static_cast<std::size_t>(set)] =
            static_cast<std::uint16_t>(std::lround(-64.0 * std::log(1.0 - set / 64.0)));
      }
      table[64] = kMany;
      return table;
    }();
    return {alerts, kEstimates[static_cast<std::size_t>(std::popcount(seen))]};
  }

  Slot now_;
  Slot before_;
  Slot past_;
};

}  // namespace tocsin::correlate
