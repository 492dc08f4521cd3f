// A data directory into a file and back: the same state, nothing secret, and no damage or malice unseen.

#include "backup/backup.h"

#include <gtest/gtest.h>

#include <fstream>
#include <random>

#include "backup/data_files.h"
#include "backup/packed_file.h"
#include "backup/tar.h"
#include "store/sqlite/sqlite.h"
#include "store/test_support.h"

namespace tocsin::backup {
namespace {

namespace fs = std::filesystem;
using store::test::append;
using store::test::make_batch;
using store::test::value_of;

std::string contents(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void write(const fs::path& file, const std::string& text) {
  fs::create_directories(file.parent_path());
  std::ofstream(file, std::ios::binary) << text;
}

class BackupTest : public testing::Test {
 protected:
  void SetUp() override {
    fs::create_directories(data_);
    const auto database = open(data_);
    ASSERT_TRUE(append(database->tenant(store::kDefaultTenant).alerts(), make_batch(0, 300, clock_.now())));
    database->close();
    write(data_ / "uploads/UP-1", "an upload");
    write(data_ / "enrichment/assets.csv", "host,tier\n");
    write(data_ / "mappings/acme.yaml", "source: acme\n");
    write(data_ / "signing_key.pem", "-----BEGIN PRIVATE KEY-----\nMC4CAQ\n-----END PRIVATE KEY-----\n");
    write(data_ / "master.key", "hunter2-hunter2");
  }
  std::unique_ptr<store::Database> open(const fs::path& directory) {
    store::SqliteOptions options;
    options.file = (directory / "tocsin.db").string();
    options.clock = &clock_;
    return value_of(store::open_sqlite(options));
  }
  Result<Manifest> make(const std::string& file, bool with_keys = false) {
    BackupOptions options;
    options.data_dir = data_;
    options.file = file;
    options.with_keys = with_keys;
    options.version = "0.1.0";
    options.now = clock_.now();
    return make_backup(options);
  }
  Result<Restored> restore(const std::string& file, const fs::path& to, bool force = false) {
    RestoreOptions options;
    options.file = file;
    options.data_dir = to;
    options.force = force;
    options.now = clock_.now();
    return restore_backup(options);
  }
  std::vector<std::string> names_beside() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(dir_.path())) names.push_back(entry.path().filename());
    std::sort(names.begin(), names.end());
    return names;
  }

  store::test::FakeClock clock_;
  store::test::TempDir dir_;
  const fs::path data_ = dir_.path() / "data";
  const std::string file_ = dir_.file("b.tocsin");
};

TEST_F(BackupTest, AnEmptyMachineGetsTheSameState) {
  const auto made = value_of(make(file_));
  const auto to = dir_.path() / "deep/er/data";
  const auto restored = value_of(restore(file_, to));
  EXPECT_TRUE(restored.moved_aside.empty());
  EXPECT_EQ(restored.manifest.state_hash, made.state_hash);
  EXPECT_EQ(contents(to / "uploads/UP-1"), "an upload");
  EXPECT_EQ(contents(to / "enrichment/assets.csv"), "host,tier\n");
  EXPECT_EQ(contents(to / "mappings/acme.yaml"), "source: acme\n");
  EXPECT_FALSE(fs::exists(to / "tocsin.db-wal"));
  const auto database = open(to);
  EXPECT_EQ(value_of(database->tenant(store::kDefaultTenant).counts()).alerts, 300);
  EXPECT_EQ(names_beside(), (std::vector<std::string>{"b.tocsin", "data", "deep"}));
}

TEST_F(BackupTest, KeysComeAlongOnlyWhenAskedFor) {
  const auto plain = value_of(make(file_));
  std::vector<std::string> left_out;
  for (const auto& one : plain.left_out) left_out.push_back(one.name);
  std::sort(left_out.begin(), left_out.end());
  EXPECT_EQ(left_out, (std::vector<std::string>{"master.key", "signing_key.pem"}));
  const auto to = dir_.path() / "plain";
  ASSERT_TRUE(restore(file_, to));
  EXPECT_FALSE(fs::exists(to / "signing_key.pem"));
  EXPECT_FALSE(fs::exists(to / "master.key"));
  ASSERT_TRUE(make(dir_.file("keys"), true));
  ASSERT_TRUE(restore(dir_.file("keys"), dir_.path() / "keyed"));
  EXPECT_EQ(contents(dir_.path() / "keyed/master.key"), "hunter2-hunter2");
  EXPECT_EQ(to_json(value_of(check_backup(dir_.file("keys")))).find("hunter2"), std::string::npos);
}

TEST_F(BackupTest, KeysAreKnownByTheirNamesAndByTheirBytes) {
  const store::test::TempDir dir;
  const auto secret = [&](const char* name, const char* text) {
    write(dir.path() / name, text);
    return is_secret(dir.path() / name);
  };
  EXPECT_TRUE(secret("a.pem", "-----BEGIN RSA PRIVATE KEY-----\n"));
  EXPECT_TRUE(secret("b", "junk\n-----BEGIN EC PRIVATE KEY-----\n"));
  EXPECT_TRUE(secret("c.KEY", "x"));
  EXPECT_TRUE(secret("tls.p12", "x"));
  EXPECT_TRUE(secret("client_secret.txt", "x"));
  EXPECT_TRUE(secret("Passphrase", "x"));
  EXPECT_FALSE(secret("certificate.pem", "-----BEGIN CERTIFICATE-----\n"));
  EXPECT_FALSE(secret("assets.csv", "host,keyboard\n"));
}

TEST_F(BackupTest, EverySingleFlippedBitIsFound) {
  ASSERT_TRUE(make(file_));
  const auto whole = contents(file_);
  ASSERT_TRUE(check_backup(file_));
  std::mt19937 random(20261122);  // NOLINT: the same bits each time
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < 64 * 8; ++i) places.push_back(i);                      // all of the head
  for (std::size_t i = 1; i <= 64 * 8; ++i) places.push_back(whole.size() * 8 - i);  // all of the end
  for (int i = 0; i < 400; ++i) places.push_back(random() % (whole.size() * 8));
  std::size_t found = 0;
  for (const auto place : places) {
    auto bytes = whole;
    bytes[place / 8] = static_cast<char>(bytes[place / 8] ^ 1 << place % 8);
    write(dir_.file("flipped"), bytes);
    if (!check_backup(dir_.file("flipped"))) ++found;
  }
  EXPECT_EQ(found, places.size());
}

TEST_F(BackupTest, ACutOffFileIsFoundAndNothingIsTouched) {
  ASSERT_TRUE(make(file_));
  const auto whole = contents(file_);
  for (const double part : {0.0, 0.1, 0.5, 0.9, 0.999}) {
    write(dir_.file("cut"),
          whole.substr(0, static_cast<std::size_t>(static_cast<double>(whole.size()) * part)));
    const auto restored = restore(dir_.file("cut"), dir_.path() / "to");
    ASSERT_FALSE(restored) << part;
    EXPECT_EQ(restored.error().kind, ErrorKind::kInvalidSyntax);
  }
  write(dir_.file("cut"), whole + "x");
  EXPECT_FALSE(check_backup(dir_.file("cut")));
  EXPECT_EQ(names_beside(), (std::vector<std::string>{"b.tocsin", "cut", "data"}));
}

TEST_F(BackupTest, ADirectoryThatIsNotEmptyIsRefusedOrMovedAside) {
  ASSERT_TRUE(make(file_));
  const auto to = dir_.path() / "to";
  write(to / "precious", "keep me");
  const auto refused = restore(file_, to);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::kConflict);
  EXPECT_EQ(contents(to / "precious"), "keep me");
  const auto first = value_of(restore(file_, to, true));
  EXPECT_EQ(contents(first.moved_aside / "precious"), "keep me");
  EXPECT_FALSE(fs::exists(to / "precious"));
  const auto second = value_of(restore(file_, to, true));  // within the same second
  EXPECT_NE(second.moved_aside, first.moved_aside);
  EXPECT_EQ(contents(first.moved_aside / "precious"), "keep me");
}

TEST_F(BackupTest, ABackupNeverOverwritesAndLeavesNothingBehind) {
  write(file_, "something else");
  const auto refused = make(file_);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::kConflict);
  EXPECT_EQ(contents(file_), "something else");
  write(data_ / "tocsin.db", "no database");
  EXPECT_FALSE(make(dir_.file("broken")));
  EXPECT_EQ(names_beside(), (std::vector<std::string>{"b.tocsin", "data"}));
}

TEST_F(BackupTest, ALinkInTheDataDirectoryIsNotFollowed) {
  fs::create_symlink("/etc/passwd", data_ / "mappings/link.yaml");
  fs::create_directory_symlink("/etc", data_ / "etc");
  const auto made = value_of(make(file_));
  for (const auto& member : made.members) {
    EXPECT_EQ(member.name.find("link"), std::string::npos);
    EXPECT_EQ(member.name.find("etc"), std::string::npos);
  }
  EXPECT_EQ(made.left_out.size(), 4U);  // two links, two keys
}

// Well-formed to the last hash, but not what the manifest says.
class Forged : public BackupTest {
 protected:
  std::string forge(const std::vector<std::pair<std::string, std::string>>& members,
                    const Manifest& manifest) {
    const auto file = dir_.file("forged");
    fs::remove(file);
    auto packed = value_of(PackedWriter::create(file));
    TarWriter tar([&](std::string_view bytes) { return packed->write(bytes); });
    auto all = members;
    all.emplace_back(kManifestName, to_json(manifest));
    for (const auto& [name, body] : all) {
      EXPECT_TRUE(tar.begin({name, body.size(), 0600}));
      EXPECT_TRUE(tar.write(body));
      EXPECT_TRUE(tar.end());
    }
    EXPECT_TRUE(tar.finish());
    EXPECT_TRUE(packed->finish());
    return file;
  }
  static Member member(const std::string& name, const std::string& body) {
    return {name, body.size(), 0600, sha256_hex(body)};
  }
};

TEST_F(Forged, MembersThatTheManifestDoesNotKnowAreRefused) {
  Manifest manifest;
  manifest.members = {member("a", "one")};
  EXPECT_TRUE(check_backup(forge({{"a", "one"}}, manifest)));
  EXPECT_FALSE(check_backup(forge({{"a", "two"}}, manifest)));
  EXPECT_FALSE(check_backup(forge({{"b", "one"}}, manifest)));
  EXPECT_FALSE(check_backup(forge({{"a", "one"}, {"b", "one"}}, manifest)));
  EXPECT_FALSE(check_backup(forge({}, manifest)));
  manifest.members = {member("a", "one"), member("a", "one")};
  EXPECT_FALSE(check_backup(forge({{"a", "one"}, {"a", "one"}}, manifest)));  // twice
}

TEST_F(Forged, ADatabaseThatDoesNotSayWhatItSaidIsNotRestored) {
  const auto made = value_of(make(file_));
  const auto database = contents(data_ / "tocsin.db");
  Manifest manifest;
  manifest.schema = made.schema;
  manifest.state_hash = std::string(64, '0');
  manifest.members = {member("tocsin.db", database)};
  EXPECT_FALSE(restore(forge({{"tocsin.db", database}}, manifest), dir_.path() / "to"));
  EXPECT_FALSE(fs::exists(dir_.path() / "to"));
  manifest.state_hash = made.state_hash;
  EXPECT_TRUE(restore(forge({{"tocsin.db", database}}, manifest), dir_.path() / "to"));
}

TEST_F(Forged, AFormatOfALaterReleaseSaysSo) {
  Manifest manifest;
  manifest.format = kFormat + 1;
  const auto checked = check_backup(forge({}, manifest));
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().kind, ErrorKind::kUnsupported);
}

}  // namespace
}  // namespace tocsin::backup
