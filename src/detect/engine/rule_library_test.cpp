#include "detect/engine/rule_library.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <thread>

#include "base/testing/temp_dir.h"
#include "detect/engine/detector.h"
#include "detect/engine/rule_text.h"
#include "detect/engine/rule_watch.h"

namespace tocsin::detect {
namespace {

namespace fs = std::filesystem;
using Names = std::vector<std::string>;

const Timestamp kNow = from_unix_nanos(1'700'000'000'000'000'000);

std::string rule(std::string_view title, std::string_view key = "a") {
  return "title: " + std::string(title) + "\nlogsource: {product: windows}\ndetection: {s: {" +
         std::string(key) + ": 1}, condition: s}\n";
}
const std::string kWrong = rule("Wrong", "a|no_such_modifier");

class RuleLibraryTest : public testing::Test {
 protected:
  RuleLibraryTest() {
    fs::create_directory(rules());
    write("a.yml", rule("A"));
    write("b.yml", rule("B"));
  }

  fs::path rules() const { return folder_.path() / "rules"; }
  // Each write has a time of its own, whatever the file system's clock.
  void write(const std::string& name, std::string_view text) {
    const auto file = rules() / name;
    std::ofstream(file) << text;
    fs::last_write_time(file, fs::file_time_type::clock::now() + std::chrono::seconds(++writes_));
  }
  std::unique_ptr<RuleLibrary> open() {
    auto opened = RuleLibrary::open({.paths = {rules()}, .bundled = false}, kNow);
    EXPECT_TRUE(opened) << to_string(opened.error());
    return *std::move(opened);
  }
  static Names titles(const RuleLibrary& library) {
    Names all;
    for (const auto& one : library.current()->rules()) all.push_back(one.title);
    return all;
  }

  test::TempDir folder_;
  int writes_ = 0;
};

TEST_F(RuleLibraryTest, ReadsAgainWhatChanged) {
  const auto library = open();
  const auto before = library->current();
  write("a.yml", rule("A2"));
  fs::remove(rules() / "b.yml");
  write("c.yml", rule("C"));
  ASSERT_TRUE(library->reload(kNow + std::chrono::hours(1)));
  EXPECT_EQ(titles(*library), (Names{"A2", "C"}));
  EXPECT_EQ(library->state()->loaded_at, kNow + std::chrono::hours(1));
  EXPECT_EQ(before->rules().front().title, "A");  // for who still works with them
}

TEST_F(RuleLibraryTest, TheSameTextsAreTheSameCatalog) {
  const auto library = open();
  const auto before = library->state();
  write("a.yml", rule("A"));
  ASSERT_TRUE(library->reload(kNow + std::chrono::hours(1)));
  EXPECT_EQ(library->current(), before->catalog);
  EXPECT_EQ(library->state()->loaded_at, kNow);
}

TEST_F(RuleLibraryTest, AnInvalidFileCountsAndIsShownAsItWas) {
  const auto library = open();
  write("a.yml", "# moved down\n" + kWrong);
  ASSERT_TRUE(library->reload(kNow));
  EXPECT_EQ(titles(*library), (Names{"A", "B"}));
  EXPECT_EQ(library->state()->kept, Names{(rules() / "a.yml").string()});
  EXPECT_EQ(library->current()->refusals().size(), 1U);
  const auto& shown = library->current()->rules().front();
  EXPECT_EQ(rule_text(*library->current(), shown.file, shown.at), rule("A"));
}

TEST_F(RuleLibraryTest, APathThatIsGoneOrEmptyChangesNothingAndSaysSo) {
  const auto library = open();
  for (const auto* name : {"a.yml", "b.yml"}) fs::remove(rules() / name);
  const auto unmounted = library->reload(kNow);
  ASSERT_FALSE(unmounted);
  EXPECT_NE(unmounted.error().message.find("all of the 2 rule files"), std::string::npos);
  EXPECT_EQ(titles(*library), (Names{"A", "B"}));
  ASSERT_TRUE(library->state()->problem);
  EXPECT_EQ(library->state()->problem->message, unmounted.error().message);

  fs::remove(rules());
  ASSERT_FALSE(library->reload(kNow));
  EXPECT_EQ(titles(*library), (Names{"A", "B"}));

  fs::create_directory(rules());
  write("a.yml", rule("A"));
  ASSERT_TRUE(library->reload(kNow));
  EXPECT_EQ(titles(*library), Names{"A"});
  EXPECT_FALSE(library->state()->problem);
}

TEST_F(RuleLibraryTest, AChangeIsReadWhenTwoLooksTellTheSame) {
  const auto library = open();
  RuleWatch watch(*library);
  EXPECT_FALSE(watch.look(kNow));
  write("a.yml", rule("A2"));
  EXPECT_FALSE(watch.look(kNow));
  write("c.yml", rule("C"));  // the change goes on
  EXPECT_FALSE(watch.look(kNow));
  const auto reloaded = watch.look(kNow);
  ASSERT_TRUE(reloaded);
  EXPECT_TRUE(*reloaded);
  EXPECT_EQ(titles(*library), (Names{"A2", "B", "C"}));
  EXPECT_FALSE(watch.look(kNow));

  fs::remove(rules() / "b.yml");
  EXPECT_FALSE(watch.look(kNow));
  EXPECT_TRUE(watch.look(kNow));
  EXPECT_EQ(titles(*library), (Names{"A2", "C"}));
}

TEST_F(RuleLibraryTest, AChangeWithoutAnEndIsReadAllTheSame) {
  const auto library = open();
  RuleWatch watch(*library);
  int looks = 0;
  do {
    ASSERT_LE(++looks, RuleWatch::kMostLooks + 1);
    write("a.yml", rule("A" + std::to_string(looks)));
  } while (!watch.look(kNow));
  EXPECT_EQ(titles(*library).front(), "A" + std::to_string(looks));
}

TEST_F(RuleLibraryTest, WhatFailedIsTriedAgainNowAndThen) {
  const auto library = open();
  RuleWatch watch(*library);
  write("a.yml", kWrong);
  EXPECT_FALSE(watch.look(kNow));
  EXPECT_TRUE(watch.look(kNow));
  for (int i = 1; i < RuleWatch::kTryAgain; ++i) EXPECT_FALSE(watch.look(kNow));
  EXPECT_TRUE(watch.look(kNow));
}

TEST_F(RuleLibraryTest, PlaceholdersAreWatchedAndAWrongFileOfThemChangesNothing) {
  write("a.yml", rule("A", "a|expand").replace(rule("A", "a|expand").find(": 1}"), 4, ": '%n%'}"));
  const auto file = folder_.path() / "placeholders.yaml";
  std::ofstream(file) << "n: [x]\n";
  auto opened = RuleLibrary::open({.paths = {rules()}, .bundled = false, .placeholders = file}, kNow);
  ASSERT_TRUE(opened) << to_string(opened.error());
  const auto library = *std::move(opened);
  ASSERT_EQ(titles(*library), (Names{"A", "B"})) << library->current()->refusals().size();
  const auto before = library->current();
  std::ofstream(file) << "n: [x, y]\n";
  EXPECT_NE(library->look(), library->looked());
  ASSERT_TRUE(library->reload(kNow));
  EXPECT_NE(library->current(), before);
  std::ofstream(file) << "n: {x: [}\n";
  EXPECT_FALSE(library->reload(kNow));
  EXPECT_EQ(titles(*library), (Names{"A", "B"}));
}

TEST_F(RuleLibraryTest, WhoeverJudgesWhileRulesAreReadAgainMissesNothing) {
  constexpr std::size_t kEvents = 64;
  const auto library = open();
  WorkPool helpers(2, "match");
  model::Event event;
  event.raw = R"({"Channel":"Security","EventID":4624,"a":1})";
  const std::vector<model::Event> events(kEvents, event);
  std::atomic<bool> stop = false;
  const auto judge = [&] {
    for (bool last = false; !last;) {
      last = stop;
      auto detector = Detector::create(library->current(), nullptr, {.helpers = &helpers});
      ASSERT_TRUE(detector);
      EXPECT_EQ(detector->judge(events, kNow).size(), 2 * kEvents);  // by A of some version, and B
    }
  };
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 3; ++i) threads.emplace_back(judge);
    for (int version = 0; version < 8; ++version) {
      write("a.yml", rule("A" + std::to_string(version)));
      const std::jthread at_once([&] { EXPECT_TRUE(library->reload(kNow)); });
      EXPECT_TRUE(library->reload(kNow));
    }
    stop = true;
  }
  EXPECT_EQ(titles(*library), (Names{"A7", "B"}));
}

TEST_F(RuleLibraryTest, APipeWithTheNameOfARuleIsNotWaitedFor) {
  ASSERT_EQ(::mkfifo((rules() / "pipe.yml").c_str(), 0600), 0);
  EXPECT_EQ(titles(*open()), (Names{"A", "B"}));
}

}  // namespace
}  // namespace tocsin::detect
