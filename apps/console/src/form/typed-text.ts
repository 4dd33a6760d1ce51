/** What was typed into a field of that name, without blanks around it; "" when there is none. */
export function typedText(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === "string" ? value.trim() : "";
}
