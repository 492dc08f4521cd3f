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
    text_.resize(size_ + PathWalk::kReadable, '"');
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
