// Reads a calendar object from stdin with ical.js, the parser of Thunderbird and of webmail clients, and prints what
// such a client would go by as JSON. It judges nothing: the test does.
import { readFileSync } from "node:fs";
import ICAL from "ical.js";

const calendar = new ICAL.Component(ICAL.parse(readFileSync(0, "utf8")));
const events = calendar.getAllSubcomponents("vevent").map((component) => {
  const event = new ICAL.Event(component, { strictExceptions: true });
  const attendee = (property) => ({
    address: property.getFirstValue(),
    role: property.getParameter("role"),
    rsvp: property.getParameter("rsvp"),
    state: property.getParameter("partstat"),
  });
  return {
    uid: event.uid,
    sequence: event.sequence,
    summary: event.summary,
    description: event.description,
    location: event.location,
    starts: event.startDate.toJSDate().toISOString(),
    ends: event.endDate.toJSDate().toISOString(),
    zone: event.startDate.zone.tzid,
    organizer: component.getFirstPropertyValue("organizer"),
    private: component.getFirstPropertyValue("class"),
    status: component.getFirstPropertyValue("status"),
    url: component.getFirstPropertyValue("url"),
    attendees: event.attendees.map(attendee),
  };
});
console.log(JSON.stringify({ method: calendar.getFirstPropertyValue("method"), events }));
