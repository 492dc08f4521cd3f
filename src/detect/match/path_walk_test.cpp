#include "detect/match/path_walk.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tocsin::detect {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// Readable beyond its end, as a name in JSON is.
class Name {
 public:
  explicit Name(std::string_view name) : text_(name), size_(name.size()) {
    text_.resize(size_ + PathWalk::kReadable + 1, '"');
  }
  std::string_view view() const { return std::string_view(text_).substr(0, size_); }

 private:
  std::string text_;
  std::size_t size_;
};

TEST(PathWalk, RemembersStepsAsTheTreeTakesThem) {
  PathTree tree;
  const auto plain = tree.add("Image", false);
  const auto inner = tree.add("a.b", false);
  const auto any = tree.add("a.*", false);
  const auto longest = tree.add(std::string(PathWalk::kReadable, 'x'), false);
  const auto longer = tree.add(std::string(PathWalk::kReadable + 1, 'x'), false);
  PathWalk walk(tree);
  const auto slots = [&](const std::vector<std::string>& names) {
    auto state = PathWalk::kRoot;
    for (const auto& text : names) {
      const Name name(text);
      const auto stepped = walk.step(state, name.view());
      if (const auto* known = walk.recall(state, name.view())) {
        EXPECT_EQ(*known, stepped) << text;
      }
      state = walk.step_and_remember(state, name.view());
      EXPECT_EQ(state, stepped) << text;
    }
    return walk.slots_of(state);
  };
  for (int twice = 0; twice < 2; ++twice) {
    EXPECT_THAT(slots({"Image"}), ElementsAre(plain));
    EXPECT_THAT(slots({"image"}), IsEmpty());
    EXPECT_THAT(slots({"a", "b"}), ElementsAre(any, inner));
    EXPECT_THAT(slots({"a.b"}), ElementsAre(inner));
    EXPECT_THAT(slots({"a", "c"}), ElementsAre(any));
    EXPECT_THAT(slots({std::string(PathWalk::kReadable, 'x')}), ElementsAre(longest));
    EXPECT_THAT(slots({std::string(PathWalk::kReadable + 1, 'x')}), ElementsAre(longer));
    EXPECT_THAT(slots({""}), IsEmpty());
  }
  EXPECT_NE(walk.recall(PathWalk::kRoot, Name("Image").view()), nullptr);
  EXPECT_EQ(walk.recall(PathWalk::kRoot, Name("Images").view()), nullptr);
}

// Where a name that comes after others leads; the names alone say it, whatever is foreseen.
PathWalk::State walk_to(PathWalk& walk, PathWalk::State from, std::string_view text) {
  const Name name(text);
  const auto stepped = walk.step(from, name.view());
  if (const auto* foreseen = walk.foresee(from, name.view().data())) {
    EXPECT_EQ(*foreseen, stepped) << text;
  } else if (const auto* known = walk.recall(from, name.view())) {
    EXPECT_EQ(*known, stepped) << text;
  } else {
    walk.step_and_remember(from, name.view());
  }
  return stepped;
}

TEST(PathWalk, ForeseesTheNameThatFollowedLastTime) {
  PathTree tree;
  tree.add("Image", false);
  tree.add("Imag", false);
  tree.add("User", false);
  tree.add("a.User", false);
  PathWalk walk(tree);
  EXPECT_EQ(walk.foresee(PathWalk::kRoot, Name("Image").view().data()), nullptr);
  walk_to(walk, PathWalk::kRoot, "User");
  walk_to(walk, PathWalk::kRoot, "Image");
  walk_to(walk, PathWalk::kRoot, "User");
  EXPECT_EQ(walk.foresee(PathWalk::kRoot, Name("Imag").view().data()), nullptr);
  EXPECT_EQ(walk.foresee(PathWalk::kRoot, Name("Images").view().data()), nullptr);
  const auto inner = walk.step(PathWalk::kRoot, "a");
  EXPECT_EQ(walk.foresee(inner, Name("Image").view().data()), nullptr);
  EXPECT_NE(walk.foresee(PathWalk::kRoot, Name("Image").view().data()), nullptr);
}

TEST(PathWalk, ForeseesWhatTheTreeSaysInAnyOrderOfNames) {
  PathTree tree;
  for (const auto* path : {"a", "b", "ab", "a.a", "a.b", "b.*", "ab.a", ""}) tree.add(path, false);
  PathWalk walk(tree);
  const std::vector<std::string> names{"a",
                                       "b",
                                       "ab",
                                       "",
                                       "ba",
                                       "a b",
                                       std::string(PathWalk::kReadable, 'a'),
                                       std::string(PathWalk::kReadable - 1, 'a')};
  std::uint32_t random = 1;
  auto state = PathWalk::kRoot;
  for (int i = 0; i < 20'000; ++i) {
    random = random * 1'664'525 + 1'013'904'223;
    const auto& name = names[(random >> 16) % names.size()];
    state = walk_to(walk, state, name);
    if (state == PathWalk::kNowhere || random >> 31 != 0) state = PathWalk::kRoot;
  }
}

TEST(PathWalk, IsTheSameAfterItForgotItsStates) {
  PathTree tree;
  std::string path;
  for (int level = 0; level < 5000; ++level) path += level == 0 ? "a" : ".a";
  const auto slot = tree.add(path, false);
  PathWalk walk(tree);
  for (int twice = 0; twice < 2; ++twice) {
    walk.begin_event();
    auto state = PathWalk::kRoot;
    for (int level = 0; level < 5000; ++level) state = walk.step_and_remember(state, Name("a").view());
    EXPECT_THAT(walk.slots_of(state), ElementsAre(slot));
  }
}

}  // namespace
}  // namespace tocsin::detect
