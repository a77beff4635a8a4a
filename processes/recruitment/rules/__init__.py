"""What the law and the plan ask of recruitment. Pure: values in, findings and values out."""
