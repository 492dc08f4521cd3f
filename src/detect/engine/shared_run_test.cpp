#include "detect/engine/shared_run.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace tocsin::detect {
namespace {

TEST(SharedRun, ThoseWhoComeDuringARunShareWhatComesOfIt) {
  constexpr std::size_t kAsking = 4;
  SharedRun<int> shared;
  std::atomic<int> runs = 0;
  std::vector<int> answers(kAsking);
  const auto work = [&] {
    while (shared.asking() < kAsking) std::this_thread::yield();
    return ++runs;
  };
  {
    std::vector<std::jthread> threads;
    for (auto& answer : answers)
      threads.emplace_back([&] { answer = shared.run(work, [] { return true; }); });
  }
  EXPECT_EQ(runs, 1);
  EXPECT_EQ(answers, std::vector<int>(kAsking, 1));
}

TEST(SharedRun, WhatNoLongerHoldsIsDoneAgain) {
  SharedRun<int> shared;
  std::atomic<int> runs = 0;
  int first = 0, second = 0;
  const auto work = [&] {
    while (shared.asking() < 2 && runs == 0) std::this_thread::yield();
    return ++runs;
  };
  {
    const std::jthread one([&] { first = shared.run(work, [] { return false; }); });
    const std::jthread other([&] { second = shared.run(work, [] { return false; }); });
  }
  EXPECT_EQ(runs, 2);
  EXPECT_EQ(first + second, 3);
}

TEST(SharedRun, WhoComesAfterwardsRunsAnew) {
  SharedRun<int> shared;
  int runs = 0;
  const auto work = [&] { return ++runs; };
  const auto holds = [] { return true; };
  EXPECT_EQ(shared.run(work, holds), 1);
  EXPECT_EQ(shared.run(work, holds), 2);
}

}  // namespace
}  // namespace tocsin::detect
