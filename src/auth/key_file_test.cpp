#include "auth/key_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <sstream>
#include <thread>

namespace tocsin::auth {
namespace {

constexpr SecretOwner kOwner{"acme", "totp", "US-1"};

struct KeyFile : testing::Test {
  KeyFile() {
    std::string pattern = testing::TempDir() + "keysXXXXXX";
    folder = mkdtemp(pattern.data());
    path = folder / "secrets.key";
  }
  ~KeyFile() override { std::filesystem::remove_all(folder); }

  std::string text() const {
    std::ostringstream out;
    out << std::ifstream(path).rdbuf();
    return out.str();
  }
  void write(std::string_view content) const {
    std::ofstream(path) << content;
    chmod(path.c_str(), 0600);
  }

  std::filesystem::path folder;
  std::filesystem::path path;
};

TEST_F(KeyFile, IsMadeAtFirstUseForItsOwnerOnlyAndReadAgain) {
  const auto first = load_key_file(path, {});
  ASSERT_TRUE(first.ok());
  struct stat info {};
  ASSERT_EQ(stat(path.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
  EXPECT_EQ(*load_key_file(path, {})->open(first->seal("secret", kOwner), kOwner), "secret");
}

TEST_F(KeyFile, IsRefusedWhenOthersMayReadIt) {
  ASSERT_TRUE(load_key_file(path, {}).ok());
  for (const mode_t mode : {0640U, 0604U, 0620U, 0644U}) {
    chmod(path.c_str(), mode);
    const auto loaded = load_key_file(path, {});
    ASSERT_FALSE(loaded.ok());
    EXPECT_EQ(loaded.error().kind, ErrorKind::kForbidden);
    EXPECT_EQ(loaded.error().where, path.string());
  }
}

TEST_F(KeyFile, UnderAPassphraseItHoldsNoKeyAndNeedsTheSamePassphrase) {
  const auto box = load_key_file(path, "correct horse");
  ASSERT_TRUE(box.ok());
  EXPECT_NE(text().find("sealed "), std::string::npos);
  EXPECT_EQ(text().find("\nkey "), std::string::npos);
  EXPECT_EQ(*load_key_file(path, "correct horse")->open(box->seal("secret", kOwner), kOwner), "secret");
  EXPECT_EQ(load_key_file(path, "wrong horse").error().kind, ErrorKind::kForbidden);
  EXPECT_EQ(load_key_file(path, {}).error().kind, ErrorKind::kForbidden);
}

TEST_F(KeyFile, KeepsAllKeysAndTheirOrder) {
  auto box = SecretBox::create();
  box.add_key();
  box.add_key();
  ASSERT_TRUE(save_key_file(path, box, {}).ok());
  const auto loaded = load_key_file(path, {});
  ASSERT_TRUE(loaded.ok());
  ASSERT_EQ(loaded->keys().size(), 3u);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(loaded->keys()[i].id, box.keys()[i].id);
    EXPECT_EQ(loaded->keys()[i].bytes, box.keys()[i].bytes);
  }
}

TEST_F(KeyFile, ABrokenFileIsRefusedAndLeftAsItIs) {
  for (const std::string_view broken :
       {"", "x", "tocsin-keys 1", "tocsin-keys 2\n", "tocsin-keys 1\nkey 0011aabb zz\n",
        "tocsin-keys 1\nkey 0011aabb 00\n", "tocsin-keys 1\nother\n"}) {
    write(broken);
    EXPECT_EQ(load_key_file(path, {}).error().kind, ErrorKind::kInvalidInput) << broken;
    EXPECT_EQ(text(), broken);
  }
}

TEST_F(KeyFile, ALinkIsNotFollowed) {
  const auto target = folder / "elsewhere";
  ASSERT_TRUE(load_key_file(target, {}).ok());
  std::filesystem::create_symlink(target, path);
  EXPECT_FALSE(load_key_file(path, {}).ok());
}

TEST_F(KeyFile, ManyThatStartAtOnceAgreeOnOneKeyAndLeaveNothingBeside) {
  std::vector<std::string> ids(8);
  {
    std::vector<std::jthread> threads;
    for (auto& id : ids)
      threads.emplace_back([&id, this] { id = load_key_file(path, {})->keys().front().id; });
  }
  EXPECT_EQ(std::count(ids.begin(), ids.end(), ids.front()), 8);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder), {}), 1);
}

}  // namespace
}  // namespace tocsin::auth
