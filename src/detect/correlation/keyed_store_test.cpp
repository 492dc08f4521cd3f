#include "detect/correlation/keyed_store.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <list>
#include <map>
#include <random>

namespace tocsin::detect {
namespace {

// The same said with lists: the newest first.
struct Model {
  struct Key {
    std::uint32_t owner = 0;
    std::uint64_t key = 0;
    std::vector<std::int64_t> times;
  };
  std::list<Key> keys;

  std::list<Key>::iterator find(std::uint32_t owner, std::uint64_t key) {
    return std::find_if(keys.begin(), keys.end(),
                        [&](const Key& other) { return other.owner == owner && other.key == key; });
  }
  void touch(std::uint32_t owner, std::uint64_t key, const KeyedStore::Limits& limits) {
    const auto found = find(owner, key);
    if (found != keys.end()) return keys.splice(keys.begin(), keys, found);
    const auto is_own = [&](const Key& other) { return other.owner == owner; };
    if (static_cast<std::size_t>(std::count_if(keys.begin(), keys.end(), is_own)) == limits.keys_per_owner)
      keys.erase(std::next(std::find_if(keys.rbegin(), keys.rend(), is_own)).base());
    if (keys.size() == limits.keys) keys.pop_back();
    keys.push_front({owner, key, {}});
  }
};

TEST(KeyedStore, ForgetsTheLeastRecentlyTouchedOfAllOrOfItsOwner) {
  const KeyedStore::Limits limits{20, 12, 4'096, 64};
  KeyedStore store(limits, 3);
  Model model;
  std::mt19937_64 random(7);
  for (std::int64_t step = 0; step < 20'000; ++step) {
    const auto owner = static_cast<std::uint32_t>(random() % 3);
    // Few homes, so that searches and gaps in the table run into each other.
    const auto key = (random() % 2 << 62) + random() % 15;
    const auto place = store.touch(owner, key);
    model.touch(owner, key, limits);
    auto& times = model.find(owner, key)->times;
    if (store.is_full(place) && !store.grow(place, 64)) {
      store.keep_first(place, 0);
      times.clear();
    }
    const auto at = times.empty() ? 0 : random() % (times.size() + 1);
    store.insert(place, at, {step, step, key});
    times.insert(times.begin() + static_cast<std::ptrdiff_t>(at), step);

    ASSERT_EQ(store.keys(), model.keys.size());
    const auto seen = store.of(place);
    ASSERT_TRUE(std::equal(seen.begin(), seen.end(), times.begin(), times.end(),
                           [](const Observation& a, std::int64_t b) { return a.at == b; }));
  }
  EXPECT_GT(store.evicted(), 1'000u);
}

TEST(KeyedStore, AGroupThatGrowsPushesOutTheOldestOnes) {
  KeyedStore store({100'000, 100'000, 4'096, 4'096}, 1);
  for (std::uint64_t key = 0; key < 4'096; ++key) {
    const auto place = store.touch(0, key << 52);
    ASSERT_TRUE(store.grow(place, 4'096));
    store.insert(place, 0, {});
  }
  EXPECT_EQ(store.keys(), 4'096u);
  const auto bytes = store.bytes();
  const auto place = store.touch(0, 4'095ULL << 52);
  while (store.grow(place, 4'096)) {
    while (!store.is_full(place)) store.insert(place, 0, {});
  }
  EXPECT_EQ(store.keys(), 1u) << "all others went";
  EXPECT_EQ(store.of(place).size(), 2'048u)
      << "the next size would need all, and the old run is still in use";
  EXPECT_EQ(store.bytes(), bytes);
}

TEST(ObservationArena, RunsDoNotOverlapAndComeTogetherAgain) {
  ObservationArena arena(3 * 64, 6);
  std::mt19937_64 random(11);
  std::map<ObservationArena::Handle, unsigned> taken;
  std::size_t refused = 0;
  for (int step = 0; step < 20'000; ++step) {
    const auto order = static_cast<unsigned>(random() % 7);
    if (random() % 2 == 0 || taken.empty()) {
      const auto run = arena.take(order);
      refused += run ? 0 : 1;
      if (!run) continue;
      const auto after = taken.lower_bound(*run);
      ASSERT_TRUE(after == taken.end() || *run + (1U << order) <= after->first);
      ASSERT_TRUE(after == taken.begin() ||
                  std::prev(after)->first + (1U << std::prev(after)->second) <= *run);
      std::fill_n(arena.at(*run), 1U << order, Observation{step, step, 1});
      taken.emplace(*run, order);
    } else {
      const auto gone = std::next(taken.begin(), static_cast<std::ptrdiff_t>(random() % taken.size()));
      arena.give_back(gone->first, gone->second);
      taken.erase(gone);
    }
  }
  EXPECT_GT(refused, 0u);
  for (const auto& [run, order] : taken) arena.give_back(run, order);
  for (int block = 0; block < 3; ++block) EXPECT_TRUE(arena.take(6).has_value());
  EXPECT_FALSE(arena.take(0).has_value());
}

}  // namespace
}  // namespace tocsin::detect
