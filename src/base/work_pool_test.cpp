#include "base/work_pool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>

namespace tocsin {
namespace {

TEST(WorkPool, RunsEachPartOnceForEachOfSeveralCallers) {
  WorkPool pool(2, "help");
  std::vector<std::jthread> callers;
  std::vector<std::vector<std::atomic<int>>> runs(4);
  for (auto& counts : runs) {
    counts = std::vector<std::atomic<int>>(500);
    callers.emplace_back([&pool, &counts] {
      for (int round = 0; round < 3; ++round) {
        pool.run(counts.size(), [&](std::size_t part) { ++counts[part]; });
        for (const auto& count : counts) EXPECT_EQ(count.load(), round + 1);
      }
    });
  }
  callers.clear();
}

TEST(WorkPool, HelpersTakePart) {
  WorkPool pool(1, "help");
  std::atomic<int> inside{0};
  // Neither part ends before the other began.
  pool.run(2, [&](std::size_t) {
    ++inside;
    while (inside.load() < 2) std::this_thread::yield();
  });
  EXPECT_EQ(inside.load(), 2);
}

TEST(WorkPool, WithoutHelpersTheCallerDoesItInOrder) {
  WorkPool pool(0, "help");
  std::vector<std::size_t> parts;
  pool.run(3, [&](std::size_t part) { parts.push_back(part); });
  EXPECT_EQ(parts, (std::vector<std::size_t>{0, 1, 2}));
  pool.run(0, [&](std::size_t part) { parts.push_back(part); });
  EXPECT_EQ(parts.size(), 3U);
}

TEST(WorkPool, WhatAPartThrowsReachesTheCallerWhenTheOthersAreDone) {
  WorkPool pool(2, "help");
  std::atomic<int> ran{0};
  EXPECT_THROW(pool.run(50,
                        [&](std::size_t part) {
                          ++ran;
                          if (part == 7) throw std::runtime_error("part 7");
                        }),
               std::runtime_error);
  EXPECT_EQ(ran.load(), 50);
  pool.run(5, [&](std::size_t) { ++ran; });
  EXPECT_EQ(ran.load(), 55);
}

}  // namespace
}  // namespace tocsin
