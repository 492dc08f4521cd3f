#include "respond/sla_clock.h"

#include <gtest/gtest.h>

#include <random>

namespace tocsin::respond {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

Timestamp at(std::string_view text) {
  return parse_time(text).value();
}

const Timestamp kBegan = at("2026-01-19T08:00:00Z");  // a Monday

SlaPromise promise(minutes allowed, std::optional<Timestamp> kept_at = {}) {
  return {.began = kBegan, .allowed = allowed, .kept_at = kept_at};
}

SlaReading reading(const SlaPromise& of, std::vector<SlaPause> pauses, minutes passed) {
  return read_clock(WorkingCalendar(), of, pauses, kBegan + passed);
}

TEST(SlaClock, RunsIntoRiskAndBreach) {
  EXPECT_EQ(reading(promise(minutes(60)), {}, minutes(10)).state, SlaState::kRunning);
  EXPECT_EQ(reading(promise(minutes(60)), {}, minutes(45)).state, SlaState::kAtRisk);
  EXPECT_EQ(reading(promise(minutes(60)), {}, minutes(60)).state, SlaState::kAtRisk) << "due is not late";
  EXPECT_EQ(reading(promise(minutes(60)), {}, minutes(61)).state, SlaState::kBreached);
  EXPECT_EQ(reading(promise(minutes(60)), {}, minutes(61)).due_at, kBegan + minutes(60));
}

TEST(SlaClock, WhatWasKeptStaysKeptAndWhatWasLateStaysLate) {
  EXPECT_EQ(reading(promise(minutes(60), kBegan + minutes(60)), {}, minutes(500)).state, SlaState::kMet);
  EXPECT_EQ(reading(promise(minutes(60), kBegan + minutes(61)), {}, minutes(500)).state, SlaState::kBreached);
  EXPECT_EQ(reading(promise(minutes(60), kBegan + minutes(61)), {}, minutes(500)).used, minutes(61));
}

TEST(SlaClock, StandsStillWhilePaused) {
  const std::vector<SlaPause> open = {{kBegan + minutes(10), {}}};
  EXPECT_EQ(reading(promise(minutes(60)), open, minutes(5000)).state, SlaState::kPaused);
  EXPECT_EQ(reading(promise(minutes(60)), open, minutes(5000)).used, minutes(10));
  EXPECT_EQ(reading(promise(minutes(60)), open, minutes(5000)).due_at, kBegan + minutes(5050));
  const std::vector<SlaPause> over = {{kBegan + minutes(10), kBegan + minutes(110)}};
  EXPECT_EQ(reading(promise(minutes(60)), over, minutes(150)).state, SlaState::kAtRisk);
  EXPECT_EQ(reading(promise(minutes(60)), over, minutes(161)).state, SlaState::kBreached);
}

TEST(SlaClock, APauseDoesNotMendABreach) {
  const std::vector<SlaPause> open = {{kBegan + minutes(61), {}}};
  EXPECT_EQ(reading(promise(minutes(60)), open, minutes(5000)).state, SlaState::kBreached);
}

TEST(SlaClock, IsWhatCountingMinutesGives) {
  std::mt19937 random(7);
  const auto below = [&](int most) { return static_cast<int>(random() % static_cast<unsigned>(most)); };
  const auto office = *WorkingCalendar::make(
      "Europe/Berlin", {{1, 540, 1020}, {2, 540, 720}, {2, 780, 1020}, {3, 0, 1440}}, {});
  for (int round = 0; round < 300; ++round) {
    std::vector<SlaPause> pauses;
    auto from = kBegan;
    for (int left = below(4); left > 0; --left) {
      from += minutes(below(600));
      const auto until = from + minutes(below(400));
      pauses.push_back({from, until});
      from = below(3) == 0 ? from + minutes(below(100)) : until;  // some overlap
    }
    if (below(4) == 0) pauses.push_back({std::max(from, kBegan) + minutes(below(300)), std::nullopt});
    std::sort(pauses.begin(), pauses.end(), [](const auto& a, const auto& b) { return a.from < b.from; });
    const minutes allowed(below(900) + 1);
    const auto now = kBegan + minutes(below(4000));
    minutes used{};
    bool is_late = false;
    for (auto time = kBegan; time < now; time += minutes(1)) {
      const bool stands = std::any_of(pauses.begin(), pauses.end(), [&](const SlaPause& pause) {
        return pause.from <= time && (!pause.until || time < *pause.until);
      });
      if (!stands && office.works_at(time)) used += minutes(1);
      is_late = is_late || used > allowed;
    }
    const auto read = read_clock(office, promise(allowed), pauses, now);
    EXPECT_EQ(read.used, used) << round;
    // Exactly used up, the clock is late as soon as it may run again.
    if (used != allowed) {
      EXPECT_EQ(read.state == SlaState::kBreached, is_late) << round;
    }
  }
}

}  // namespace
}  // namespace tocsin::respond
