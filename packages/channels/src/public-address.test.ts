import { expect, test } from "vitest";
import { isPublicAddress } from "./public-address.ts";

test.each([
  "127.0.0.1",
  "127.9.9.9",
  "0.0.0.0",
  "10.1.2.3",
  "172.16.0.1",
  "172.31.255.255",
  "192.168.1.1",
  "169.254.169.254",
  "100.64.0.1",
  "198.18.0.1",
  "224.0.0.1",
  "255.255.255.255",
  "::",
  "::1",
  "::ffff:127.0.0.1",
  "::ffff:8.8.8.8",
  "64:ff9b::a9fe:a9fe",
  "fe80::1",
  "fd00:ec2::254",
  "ff02::1",
  "2002:7f00:1::",
  "2001:db8::1",
  "not an address",
])("%s is no address of the internet (S22)", (address) => {
  expect(isPublicAddress(address)).toBe(false);
});

test.each(["8.8.8.8", "172.32.0.1", "192.167.0.1", "2606:4700:4700::1111", "2a00:1450:4001::1"])(
  "%s is one (S22)",
  (address) => {
    expect(isPublicAddress(address)).toBe(true);
  },
);
