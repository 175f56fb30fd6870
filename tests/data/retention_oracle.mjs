// Marks versions by brute force, apart from the product: reads a list of cases as JSON on standard
// input, writes for each the numbers that are kept. A case: {versions: [[number, epochSeconds]],
// keep: {last, hourly, daily, weekly, monthly, yearly, withinSeconds}, pins: [number], now,
// young: seconds, newest: count}. A case with {hours, everyHours} instead takes a snapshot in each of
// so many hours from 2026-01-01, or in each stepHours'th, and expires after each everyHours of them;
// gaps: [[snapshots, hours]] are hours without any after so many snapshots, beside the usual ones.
import { readFileSync } from "node:fs";

const key = {
  hourly: (d) => d.toISOString().slice(0, 13),
  daily: (d) => d.toISOString().slice(0, 10),
  weekly: (d) => {
    // The Thursday of a week names it.
    const day = new Date(Date.UTC(d.getUTCFullYear(), d.getUTCMonth(), d.getUTCDate()));
    day.setUTCDate(day.getUTCDate() + 4 - (day.getUTCDay() || 7));
    return day.toISOString().slice(0, 10);
  },
  monthly: (d) => d.toISOString().slice(0, 7),
  yearly: (d) => d.toISOString().slice(0, 4),
};

function kept({ versions, keep, pins, now, young, newest }) {
  const result = new Set(pins.filter((p) => versions.some((v) => v[0] === p)));
  const add = (list) => list.forEach((v) => result.add(v[0]));
  add(versions.slice(Math.max(0, versions.length - newest)));
  add(versions.filter((v) => now - v[1] < young));
  if (keep.last) add(versions.slice(Math.max(0, versions.length - keep.last)));
  const last = Math.max(...versions.map((v) => v[1]));
  if (keep.withinSeconds) add(versions.filter((v) => last - v[1] <= keep.withinSeconds));
  for (const [rule, name] of Object.entries(key)) {
    const count = keep[rule] ?? 0;
    const left = [...versions].sort((a, b) => b[1] - a[1] || b[0] - a[0]);
    const seen = [];
    for (const version of left) {
      if (seen.length === count) break;
      const text = name(new Date(version[1] * 1000));
      if (seen.includes(text)) continue;
      seen.push(text);
      result.add(version[0]);
    }
  }
  return [...result].sort((a, b) => a - b);
}

function run(one) {
  let versions = [];
  let now = Date.UTC(2026, 0, 1) / 1000;
  const step = one.stepHours ?? 1;
  const gaps = new Map(one.gaps ?? []);
  for (let hour = step; hour <= one.hours; hour += step) {
    versions.push([hour / step, now]);
    if (hour % one.everyHours === 0) {
      const names = new Set(kept({ ...one, versions, now }));
      versions = versions.filter((v) => names.has(v[0]));
    }
    now += (step + (gaps.get(hour / step) ?? 0)) * 3600;
  }
  return versions.map((v) => v[0]);
}

const cases = JSON.parse(readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(cases.map((c) => (c.hours ? run(c) : kept(c)))));
